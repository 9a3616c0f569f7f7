/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors of the engine in their public form, and the version.
 */
#include <quis/error.h>

#include <stdio.h>

#include "api/api.h"

int api_error(struct quis_error *error, const struct err *e)
{
    if (error == NULL)
        return -1;
    *error = (struct quis_error)QUIS_ERROR_INIT;
    error->row = e->row;
    error->column = e->col;
    (void)snprintf(error->code, sizeof error->code, "%s", err_name(e->code)); /* codes are shorter */
    memcpy(error->file, e->file, sizeof error->file);
    memcpy(error->text, e->text, sizeof error->text);
    return -1;
}

int api_fail(struct quis_error *error, enum err_code code, const char *text)
{
    struct err e = {0};
    (void)err_set(&e, code, "%s", text); /* always -1 */
    return api_error(error, &e);
}

bool quis_error_is_limit(const struct quis_error *error)
{
    return error != NULL && strncmp(error->code, "limit_", 6) == 0;
}

int quis_version_number(void)
{
    return QUIS_VERSION_NUMBER;
}

const char *quis_version(void)
{
#define TEXT_OF(x) #x
#define VERSION_OF(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)
    return VERSION_OF(QUIS_VERSION_MAJOR, QUIS_VERSION_MINOR, QUIS_VERSION_PATCH);
}
