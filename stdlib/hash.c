/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.md5, sha1, sha256, crypto.hmac.*, and our quis.crypto.* for the digests of measurements.
 *
 * Digests are of the UTF-8 bytes of a string, in lower-case hexadecimal. The *_bytes_hex functions take the bytes in
 * hexadecimal, because measurements are digests of digests and Rego has no bytes.
 */
#include "stdlib/hash.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>

#include "stdlib/builtins.h"

size_t hash_digest(const EVP_MD *md, struct str data, uint8_t out[HASH_MAX_BYTES])
{
    unsigned len = 0;
    if (EVP_Digest(data.len > 0 ? data.p : "", data.len, out, &len, md, NULL) == 1)
        return len;
    ERR_clear_error();
    return 0;
}

size_t hash_hmac(const EVP_MD *md, struct str key, struct str data, uint8_t out[HASH_MAX_BYTES])
{
    unsigned len = 0;
    uint8_t short_key[HASH_MAX_BYTES];
    if (key.len > (size_t)INT_MAX) { /* HMAC hashes a long key first, and OpenSSL counts keys in int */
        size_t n = hash_digest(md, key, short_key);
        if (n == 0)
            return 0;
        key = (struct str){(const char *)short_key, n};
    }
    const void *done = HMAC(md, key.len > 0 ? key.p : "", (int)key.len, (const uint8_t *)(data.len > 0 ? data.p : ""), data.len,
                            out, &len);
    OPENSSL_cleanse(short_key, sizeof short_key);
    if (done != NULL)
        return len;
    ERR_clear_error();
    return 0;
}

bool hash_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.p, b.p, a.len) == 0);
}

void hash_hex(struct buf *b, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        buf_char(b, digits[bytes[i] >> 4]);
        buf_char(b, digits[bytes[i] & 15]);
    }
}

static int return_hex(struct bi_ctx *ctx, const uint8_t *bytes, size_t len, struct value *ret)
{
    if (len == 0)
        return bi_fail(ctx, "the digest is not available");
    struct buf b;
    buf_init(&b, ctx->arena);
    if (!buf_reserve(&b, len * 2))
        return bi_nomem(ctx);
    hash_hex(&b, bytes, len);
    return bi_return_buf(ctx, &b, ret);
}

static int digest_operand(struct bi_ctx *ctx, const struct value *argv, const EVP_MD *md, struct value *ret)
{
    uint8_t out[HASH_MAX_BYTES];
    struct str data;
    int status = bi_string(ctx, argv, 1, &data);
    if (status == BI_OK)
        status = bi_charge(ctx, HASH_COST(data.len));
    return status == BI_OK ? return_hex(ctx, out, hash_digest(md, data, out), ret) : status;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int digest_hex_operand(struct bi_ctx *ctx, const struct value *argv, const EVP_MD *md, struct value *ret)
{
    uint8_t out[HASH_MAX_BYTES];
    struct str hex;
    int status = bi_string(ctx, argv, 1, &hex);
    if (status == BI_OK)
        status = bi_charge(ctx, HASH_COST(hex.len));
    if (status != BI_OK)
        return status;
    if (hex.len % 2 != 0)
        return bi_fail(ctx, "hexadecimal text of odd length");
    char *bytes = arena_alloc(ctx->arena, hex.len / 2);
    if (bytes == NULL)
        return bi_nomem(ctx);
    for (size_t i = 0; i < hex.len / 2; i++) {
        int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return bi_fail(ctx, "no hexadecimal digit at byte %zu", 2 * i + (high >= 0));
        bytes[i] = (char)(high << 4 | low);
    }
    return return_hex(ctx, out, hash_digest(md, (struct str){bytes, hex.len / 2}, out), ret);
}

static int hmac_operands(struct bi_ctx *ctx, const struct value *argv, const EVP_MD *md, struct value *ret)
{
    uint8_t out[HASH_MAX_BYTES];
    struct str data, key;
    int status = bi_string(ctx, argv, 1, &data);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &key);
    if (status == BI_OK)
        status = bi_charge(ctx, HASH_COST(data.len + key.len));
    return status == BI_OK ? return_hex(ctx, out, hash_hmac(md, key, data, out), ret) : status;
}

int bif_crypto_md5(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_operand(ctx, argv, EVP_md5(), ret);
}

int bif_crypto_sha1(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_operand(ctx, argv, EVP_sha1(), ret);
}

int bif_crypto_sha256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_operand(ctx, argv, EVP_sha256(), ret);
}

int bif_quis_crypto_sha384(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_operand(ctx, argv, EVP_sha384(), ret);
}

int bif_quis_crypto_sha512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_operand(ctx, argv, EVP_sha512(), ret);
}

int bif_quis_crypto_sha256_bytes_hex(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_hex_operand(ctx, argv, EVP_sha256(), ret);
}

int bif_quis_crypto_sha384_bytes_hex(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return digest_hex_operand(ctx, argv, EVP_sha384(), ret);
}

int bif_crypto_hmac_md5(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return hmac_operands(ctx, argv, EVP_md5(), ret);
}

int bif_crypto_hmac_sha1(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return hmac_operands(ctx, argv, EVP_sha1(), ret);
}

int bif_crypto_hmac_sha256(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return hmac_operands(ctx, argv, EVP_sha256(), ret);
}

int bif_crypto_hmac_sha512(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    return hmac_operands(ctx, argv, EVP_sha512(), ret);
}

int bif_crypto_hmac_equal(struct bi_ctx *ctx, const struct value *argv, struct value *ret)
{
    struct str a, b;
    int status = bi_string(ctx, argv, 1, &a);
    if (status == BI_OK)
        status = bi_string(ctx, argv, 2, &b);
    if (status == BI_OK)
        status = bi_charge(ctx, 10 + (a.len + b.len) / 8);
    if (status == BI_OK)
        *ret = value_bool(hash_equal(a, b));
    return status;
}
