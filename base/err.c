/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling in struct err: bounded copies, cut on UTF-8 boundaries.
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static void trim_partial_character(char *text, size_t cap)
{
    size_t len = strlen(text);
    if (len + 1 < cap)
        return; /* nothing was cut */
    while (len > 0 && ((unsigned char)text[len - 1] & 0xc0u) == 0x80u)
        len--;
    if (len > 0 && ((unsigned char)text[len - 1] & 0x80u) != 0)
        len--;
    text[len] = '\0';
}

static void set_file(struct err *e, struct str file)
{
    size_t room = sizeof e->file - 1;
    if (file.len > room) {
        file.p += file.len - room;
        file.len = room;
    }
    if (file.len != 0)
        memcpy(e->file, file.p, file.len);
    e->file[file.len] = '\0';
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (e == NULL || e->code != ERR_OK)
        return -1;
    e->code = code;
    e->row = e->col = 0;
    e->file[0] = '\0';
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, args); /* cutting is intended */
    va_end(args);
    trim_partial_character(e->text, sizeof e->text);
    return -1;
}

int err_set_at(struct err *e, enum err_code code, struct str file, uint32_t row, uint32_t col, const char *fmt, ...)
{
    if (e == NULL || e->code != ERR_OK)
        return -1;
    e->code = code;
    e->row = row;
    e->col = col;
    set_file(e, file);
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(e->text, sizeof e->text, fmt, args); /* cutting is intended */
    va_end(args);
    trim_partial_character(e->text, sizeof e->text);
    return -1;
}

const char *err_name(enum err_code code)
{
    switch (code) {
    case ERR_OK:
        return "ok";
#define ERR(id, name, doc)                                                                                                       \
    case ERR_##id:                                                                                                               \
        return name;
#include "base/errors.def"
#undef ERR
    case ERR_COUNT:
        break;
    }
    return "unknown";
}
