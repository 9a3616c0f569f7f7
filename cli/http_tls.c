/* SPDX-License-Identifier: Apache-2.0
 *
 * What a request says about TLS: trust anchors, the client's certificate, the server's name.
 *
 * Anchors of all sources count together. A server that is known by another name than its address is asked for under that name and
 * connected to under its address.
 */
#include <stdlib.h>

#include "cli/http_call.h"
#include "cli/load.h"

#undef curl_easy_setopt

static const char *const system_anchors[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"};

static struct str environment(struct http_call *c, struct str name)
{
    struct str z = arena_str(c->bi->arena, name);
    const char *value = z.p != NULL ? getenv(z.p) : NULL;
    return value != NULL ? str_cstr(value) : STR("");
}

static int read_file(struct http_call *c, struct str name, struct str *ret)
{
    struct err e = {0};
    struct str z = arena_str(c->bi->arena, name);
    if (z.p == NULL)
        return bi_nomem(c->bi);
    if (load_file(c->bi->arena, z.p, ret, &e) == 0)
        return BI_OK;
    char *reason = strrchr(e.text, ':'); /* the system's words, which Go begins in lower case */
    if (reason != NULL && reason[1] == ' ' && reason[2] >= 'A' && reason[2] <= 'Z')
        reason[2] = (char)(reason[2] + 32);
    return http_refuse(c, "open %.300s", e.text);
}

static bool has_certificate(struct str pem)
{
    static const char mark[] = "-----BEGIN CERTIFICATE-----";
    for (size_t i = 0; i + sizeof mark - 1 <= pem.len; i++)
        if (memcmp(pem.p + i, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

/* Adds anchors; \n written out is a line break. */
static int add_anchors(struct http_call *c, struct buf *to, struct str pem, bool has_escapes)
{
    if (!has_certificate(pem))
        return http_refuse(c, "could not append certificates");
    for (size_t i = 0; i < pem.len; i++) {
        bool escaped = has_escapes && pem.p[i] == '\\' && i + 1 < pem.len && pem.p[i + 1] == 'n';
        buf_char(to, escaped ? '\n' : pem.p[i]);
        i += escaped;
    }
    buf_char(to, '\n');
    return to->failed ? bi_nomem(c->bi) : BI_OK;
}

static int add_system_anchors(struct http_call *c, struct buf *to)
{
    struct err e = {0};
    for (size_t i = 0; i < COUNT_OF(system_anchors); i++) {
        struct str pem;
        if (load_file(c->bi->arena, system_anchors[i], &pem, &e) == 0)
            return add_anchors(c, to, pem, false);
    }
    return BI_OK;
}

static int read_anchors(struct http_call *c, struct buf *to)
{
    struct str text = http_text(c, "tls_ca_cert"), file = http_text(c, "tls_ca_cert_file"), pem;
    struct str variable = http_text(c, "tls_ca_cert_env_variable");
    int status = http_flag(c, "tls_use_system_certs") ? add_system_anchors(c, to) : BI_OK;
    if (status == BI_OK && text.len > 0)
        status = add_anchors(c, to, text, true);
    if (status == BI_OK && file.len > 0) {
        status = read_file(c, file, &pem);
        if (status == BI_OK)
            status = add_anchors(c, to, pem, false);
    }
    if (status == BI_OK && variable.len > 0)
        status = add_anchors(c, to, environment(c, variable), false);
    return status;
}

static void set_blob(struct http_call *c, CURLoption option, struct str bytes)
{
    struct curl_blob blob = {.data = (void *)(uintptr_t)bytes.p, .len = bytes.len, .flags = CURL_BLOB_COPY};
    c->curl->curl_easy_setopt(c->handle, option, &blob);
}

/* The last pair that is whole counts. */
static int set_client(struct http_call *c)
{
    struct str cert = http_text(c, "tls_client_cert"), key = http_text(c, "tls_client_key");
    struct str cert_file = http_text(c, "tls_client_cert_file"), key_file = http_text(c, "tls_client_key_file");
    struct str cert_name = http_text(c, "tls_client_cert_env_variable"), key_name = http_text(c, "tls_client_key_env_variable");
    int status = BI_OK;
    if (cert_file.len > 0 && key_file.len > 0) {
        status = read_file(c, cert_file, &cert);
        if (status == BI_OK)
            status = read_file(c, key_file, &key);
    }
    if (status == BI_OK && cert_name.len > 0 && key_name.len > 0) {
        cert = environment(c, cert_name);
        key = environment(c, key_name);
        if (!has_certificate(cert))
            return http_refuse(c, "cannot extract public/private key pair from envvars \"%.*s\", \"%.*s\": "
                               "tls: failed to find any PEM data in certificate input",
                               (int)(cert_name.len < 80 ? cert_name.len : 80), cert_name.p,
                               (int)(key_name.len < 80 ? key_name.len : 80), key_name.p);
    }
    if (status != BI_OK || cert.len == 0 || key.len == 0)
        return status;
    if (!has_certificate(cert))
        return http_refuse(c, "tls: failed to find any PEM data in certificate input");
    set_blob(c, CURLOPT_SSLCERT_BLOB, cert);
    set_blob(c, CURLOPT_SSLKEY_BLOB, key);
    return BI_OK;
}

static int set_name(struct http_call *c)
{
    struct str name = http_text(c, "tls_server_name");
    if (name.len == 0)
        name = c->host.p != NULL && !c->drops_secrets ? c->host : STR("");
    if (name.len == 0 || !str_equal(c->url.scheme, STR("https")) || str_equal(name, c->url.host))
        return BI_OK;
    for (size_t i = 0; i < name.len; i++)
        if (strchr("/?#@:[] ", name.p[i]) != NULL)
            return BI_OK; /* no name of a server: the address is looked at instead */
    struct str text = http_url_with_host(c->bi->arena, &c->url, name);
    struct str to = arena_printf(c->bi->arena, "%.*s:%u:%.*s:%u", (int)name.len, name.p, c->url.port, (int)c->url.host.len,
                                 c->url.host.p, c->url.port);
    bool usual = c->url.port == 443;
    struct str host = usual ? arena_printf(c->bi->arena, "Host: %.*s", (int)c->url.host.len, c->url.host.p)
                            : arena_printf(c->bi->arena, "Host: %.*s:%u", (int)c->url.host.len, c->url.host.p, c->url.port);
    if (text.p == NULL || to.p == NULL || host.p == NULL)
        return bi_nomem(c->bi);
    c->connect_to = c->curl->curl_slist_append(NULL, to.p);
    struct curl_slist *headers = c->host.p == NULL ? c->curl->curl_slist_append(c->headers, host.p) : c->headers;
    if (c->connect_to == NULL || headers == NULL)
        return bi_nomem(c->bi);
    c->headers = headers;
    c->curl->curl_easy_setopt(c->handle, CURLOPT_HTTPHEADER, c->headers);
    c->curl->curl_easy_setopt(c->handle, CURLOPT_CONNECT_TO, c->connect_to);
    c->curl->curl_easy_setopt(c->handle, CURLOPT_URL, text.p);
    return BI_OK;
}

int http_tls(struct http_call *c)
{
    struct buf anchors;
    buf_init(&anchors, c->bi->arena);
    int status = read_anchors(c, &anchors);
    if (status == BI_OK)
        status = set_client(c);
    if (status == BI_OK)
        status = set_name(c);
    if (status != BI_OK)
        return status;
    if (anchors.len > 0) {
        set_blob(c, CURLOPT_CAINFO_BLOB, buf_view(&anchors));
        c->curl->curl_easy_setopt(c->handle, CURLOPT_CAPATH, (char *)NULL);
    }
    if (http_flag(c, "tls_insecure_skip_verify")) {
        c->curl->curl_easy_setopt(c->handle, CURLOPT_SSL_VERIFYPEER, 0L);
        c->curl->curl_easy_setopt(c->handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    return BI_OK;
}
