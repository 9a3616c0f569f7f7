/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding libcurl.
 */
#include "cli/http_curl.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

/* POSIX wants functions and objects to have pointers of one form; C has no cast for it. */
static bool find(void *library, const char *name, void *to, size_t size)
{
    void *symbol = dlsym(library, name);
    memcpy(to, &symbol, size);
    return symbol != NULL;
}

const struct http_curl *http_curl_load(void)
{
    static struct http_curl functions;
    static enum { UNKNOWN, THERE, MISSING } state;
    if (state != UNKNOWN)
        return state == THERE ? &functions : NULL;
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    bool ok = library != NULL;
#define F(name, result, parameters) ok = ok && find(library, #name, &functions.name, sizeof functions.name);
    HTTP_CURL_FUNCTIONS(F)
#undef F
    ok = ok && functions.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    state = ok ? THERE : MISSING;
    return ok ? &functions : NULL;
}
