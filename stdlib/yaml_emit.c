/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as YAML text, laid out as the emitter that OPA uses does: block style, two blanks per level also before the items of
 * a sequence, keys in natural order (a2 before a10), strings plain where they read back as strings.
 *
 * The state (column, whitespace, indention) is the emitter's own: whether a line break is due is decided by it.
 */
#include "base/utf8.h"
#include "stdlib/unicode.h"
#include "stdlib/yaml.h"
#include "stdlib/yaml_node.h"
#include "vm/json.h"
#include "vm/number.h"

#define SIMPLE_KEY_BYTES 128u /* longer keys are written behind a question mark */
#define READ_KEY_CHARS 1024u  /* keys must not be longer in JSON text to be read as YAML */

struct emitter {
    struct buf *out;
    struct err *err;
    int indent, column;
    bool whitespace; /* a blank or the start of a line came last */
    bool indention;  /* nothing but indentation and indicators on this line */
};

enum style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL };

/* ---- characters ---- */

static uint32_t char_at(struct str s, size_t i, unsigned *ret_len)
{
    return utf8_decode(s.p + i, s.len - i, ret_len);
}

static bool is_break(uint32_t c)
{
    return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_printable(uint32_t c)
{
    return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

/* ---- writing ---- */

static void put(struct emitter *e, char c)
{
    buf_char(e->out, c);
    e->column++;
}

static void put_break(struct emitter *e)
{
    buf_char(e->out, '\n');
    e->column = 0;
    e->indention = true;
}

static void write_indent(struct emitter *e)
{
    if (!e->indention || e->column > e->indent || (e->column == e->indent && !e->whitespace))
        put_break(e);
    while (e->column < e->indent)
        put(e, ' ');
    e->whitespace = true;
}

static void write_indicator(struct emitter *e, const char *text, bool need_whitespace, bool is_indention)
{
    if (need_whitespace && !e->whitespace)
        put(e, ' ');
    for (; *text != '\0'; text++)
        put(e, *text);
    e->whitespace = false;
    e->indention = e->indention && is_indention;
}

static void write_char(struct emitter *e, struct str s, size_t i, unsigned len)
{
    buf_bytes(e->out, s.p + i, len);
    e->column++;
}

static void write_line_break(struct emitter *e, struct str s, size_t i, unsigned len)
{
    if (s.p[i] == '\n') {
        put_break(e);
        return;
    }
    write_char(e, s, i, len);
    e->column = 0;
    e->indention = true;
}

/* Plain and single quoted text. */
static void write_flowing(struct emitter *e, struct str s, bool quoted)
{
    bool breaks = false;
    if (quoted)
        write_indicator(e, "'", true, false);
    else if (s.len != 0 && !e->whitespace)
        put(e, ' ');
    unsigned len;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (is_break(c)) {
            if (!breaks && c == '\n')
                put_break(e);
            write_line_break(e, s, i, len);
            breaks = true;
            continue;
        }
        if (breaks && c != ' ')
            write_indent(e);
        if (quoted && c == '\'')
            put(e, '\'');
        write_char(e, s, i, len);
        if (c != ' ') {
            e->indention = false;
            breaks = false;
        }
    }
    if (quoted)
        write_indicator(e, "'", false, false);
    e->whitespace = e->whitespace && s.len == 0;
    e->indention = false;
}

static void write_escape(struct emitter *e, uint32_t c)
{
    static const struct {
        uint32_t c;
        char letter;
    } letters[] = {{0x00, '0'}, {0x07, 'a'}, {0x08, 'b'},  {0x09, 't'}, {0x0A, 'n'}, {0x0B, 'v'},   {0x0C, 'f'},  {0x0D, 'r'},
                   {0x1B, 'e'}, {'"', '"'},  {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
    buf_char(e->out, '\\');
    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if (letters[i].c == c) {
            buf_char(e->out, letters[i].letter);
            return;
        }
    if (c <= 0xFF)
        buf_printf(e->out, "x%02X", c);
    else if (c <= 0xFFFF)
        buf_printf(e->out, "u%04X", c);
    else
        buf_printf(e->out, "U%08X", c);
}

static void write_double_quoted(struct emitter *e, struct str s)
{
    write_indicator(e, "\"", true, false);
    unsigned len;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (!is_printable(c) || is_break(c) || c == '"' || c == '\\')
            write_escape(e, c);
        else
            buf_bytes(e->out, s.p + i, len);
    }
    e->column++;
    write_indicator(e, "\"", false, false);
}

/* Is the last character before end a break? *ret_start is where it starts. */
static bool ends_in_break(struct str s, size_t end, size_t *ret_start)
{
    unsigned len;
    if (end == 0)
        return false;
    uint32_t c = utf8_decode_last(s.p, end, &len);
    *ret_start = end - len;
    return is_break(c);
}

static void write_literal(struct emitter *e, struct str s)
{
    unsigned len;
    size_t last, before;
    write_indicator(e, "|", true, false);
    uint32_t first = char_at(s, 0, &len);
    if (first == ' ' || is_break(first))
        write_indicator(e, "2", false, false);
    if (!ends_in_break(s, s.len, &last))
        write_indicator(e, "-", false, false);
    else if (last == 0 || ends_in_break(s, last, &before))
        write_indicator(e, "+", false, false);
    put_break(e);
    e->whitespace = true;
    bool breaks = true;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (is_break(c)) {
            write_line_break(e, s, i, len);
            breaks = true;
            continue;
        }
        if (breaks)
            write_indent(e);
        write_char(e, s, i, len);
        e->indention = false;
        breaks = false;
    }
}

/* ---- choosing the style of a string ---- */

struct analysis {
    bool multiline, plain, single, block; /* what is allowed */
};

static bool is_indicator_first(uint32_t c, bool before_blank)
{
    if (c < 0x80 && strchr("#,[]{}&*!|>'\"%@`", (int)c) != NULL && c != 0)
        return true;
    return (c == '?' || c == ':' || c == '-') && before_blank;
}

static bool is_blank(struct str s, size_t i)
{
    return i >= s.len || s.p[i] == ' ' || s.p[i] == '\t';
}

static struct analysis analyze(struct str s)
{
    struct analysis a = {false, true, true, true};
    if (s.len == 0)
        return (struct analysis){false, true, true, false};
    if (s.len >= 3 && (memcmp(s.p, "---", 3) == 0 || memcmp(s.p, "...", 3) == 0))
        a.plain = false;
    bool after_blank = true, after_space = false, after_break = false, bad = false, breaks_spaces = false, has_tab = false;
    unsigned len;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        bool before_blank = is_blank(s, i + len), last = i + len == s.len, space = c == ' ', line_break = is_break(c);
        if (i == 0 ? is_indicator_first(c, before_blank) : (c == ':' && before_blank) || (c == '#' && after_blank))
            a.plain = false;
        has_tab |= c == '\t';
        bad |= c != '\t' && !is_printable(c);
        if ((space || line_break) && (i == 0 || last))
            a.plain = false;
        if (space && last)
            a.block = false;
        breaks_spaces |= space && after_break; /* a blank behind a break: neither plain nor single quoted keeps it */
        bad |= line_break && after_space;
        a.multiline |= line_break;
        after_space = space;
        after_break = line_break;
        after_blank = space || line_break || c == '\t';
    }
    if (breaks_spaces || bad || has_tab)
        a.plain = a.single = false;
    if (bad)
        a.block = false;
    if (a.multiline)
        a.plain = false;
    return a;
}

/* Sexagesimal numbers of YAML 1.1: digits, then groups of up to two digits behind colons. */
static bool is_sexagesimal(struct str s)
{
    size_t i = 0, groups = 0;
    if (i < s.len && (s.p[i] == '+' || s.p[i] == '-'))
        i++;
    if (i == s.len || s.p[i] < '0' || s.p[i] > '9')
        return false;
    while (i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
        i++;
    for (; i < s.len && s.p[i] == ':'; groups++) {
        size_t digits = ++i;
        while (i < s.len && i - digits < 2 && s.p[i] >= '0' && s.p[i] <= '9')
            i++;
        if (i == digits || (i - digits == 2 && s.p[digits] > '5'))
            return false;
    }
    if (i < s.len && s.p[i] == '.')
        for (i++; i < s.len && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_');)
            i++;
    return groups > 0 && i == s.len;
}

static bool is_old_bool(struct str s)
{
    static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",
                                        "n", "N", "no",  "No",  "NO",  "off", "Off", "OFF"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_equal(s, str_cstr(words[i])))
            return true;
    return false;
}

static int choose_style(struct emitter *e, struct str s, const struct analysis *a, bool is_key, enum style *ret)
{
    struct yaml_work w = {e->out->arena, e->err, 0, UINT64_MAX};
    struct yaml_scalar found;
    if (yaml_resolve(&w, STR(""), s, &found) != 0)
        return -1;
    enum style style = STYLE_DOUBLE;
    if (s.len != 0 && memchr(s.p, '\n', s.len) != NULL)
        style = STYLE_LITERAL;
    else if (found.kind == YAML_STRING && !str_equal(s, STR("<<")) && !is_sexagesimal(s) && !is_old_bool(s))
        style = STYLE_PLAIN;
    else if (str_equal(s, STR("<<")))
        style = STYLE_PLAIN; /* as OPA: such a key is written bare */
    if (is_key && a->multiline)
        style = STYLE_DOUBLE;
    if (style == STYLE_PLAIN && !a->plain)
        style = STYLE_SINGLE;
    if (style == STYLE_SINGLE && !a->single)
        style = STYLE_DOUBLE;
    if (style == STYLE_LITERAL && (!a->block || is_key))
        style = STYLE_DOUBLE;
    *ret = style;
    return 0;
}

static int emit_string(struct emitter *e, struct str s, bool is_key)
{
    struct analysis a = analyze(s);
    enum style style;
    if (choose_style(e, s, &a, is_key, &style) != 0)
        return -1;
    int indent = e->indent;
    e->indent = indent < 0 ? 2 : indent + 2;
    switch (style) {
    case STYLE_PLAIN:
        write_flowing(e, s, false);
        break;
    case STYLE_SINGLE:
        write_flowing(e, s, true);
        break;
    case STYLE_DOUBLE:
        write_double_quoted(e, s);
        break;
    case STYLE_LITERAL:
        write_literal(e, s);
        break;
    }
    e->indent = indent;
    return 0;
}

/* ---- the detour through JSON text ---- */

/* Strings reach OPA's emitter through JSON text read as YAML. Refuses what that reader refuses, and folds next-line
 * characters (U+0085) as it does inside quotes. */
static int pass_text(struct emitter *e, struct str s, struct str *ret)
{
    struct buf b;
    bool folded = false;
    unsigned len;
    *ret = s;
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (c >= 0x7F && c < 0xA0 && c != 0x85)
            return err_set(e->err, ERR_YAML, "yaml: control characters are not allowed");
        if (c == 0xFFFE || c == 0xFFFF)
            return err_set(e->err, ERR_YAML, "yaml: control characters are not allowed");
        folded |= c == 0x85 || c == UTF8_BAD;
    }
    if (!folded)
        return 0;
    buf_init(&b, e->out->arena);
    for (size_t i = 0; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (c == UTF8_BAD) {
            buf_cstr(&b, "\xEF\xBF\xBD");
            continue;
        }
        if (c != 0x85) {
            buf_bytes(&b, s.p + i, len);
            continue;
        }
        while (b.len > 0 && b.p[b.len - 1] == ' ')
            b.len--;
        size_t breaks = 0;
        for (size_t k = i; k < s.len; k += len) {
            c = char_at(s, k, &len);
            if (c != 0x85 && c != ' ')
                break;
            breaks += c == 0x85;
            i = k;
        }
        (void)char_at(s, i, &len);
        if (breaks == 1)
            buf_char(&b, ' ');
        for (size_t k = 1; k < breaks; k++)
            buf_char(&b, '\n');
    }
    *ret = buf_view(&b);
    return 0;
}

/* ---- keys in natural order ---- */

struct entry {
    struct str text;
    struct value value;
};

static size_t count_chars(struct str json)
{
    size_t n = 0;
    for (size_t i = 0; i < json.len; i++)
        n += !utf8_is_tail(json.p + i);
    return n;
}

/* Decimal digits from i on as a number; *ret_end is behind them. */
static int64_t read_run(struct str s, size_t i, int64_t start, size_t *ret_end)
{
    uint64_t n = (uint64_t)start;
    unsigned len;
    for (; i < s.len; i += len) {
        uint32_t c = char_at(s, i, &len);
        if (!unicode_is_digit(c))
            break;
        n = n * 10 + (uint64_t)c - '0';
    }
    *ret_end = i;
    return (int64_t)n;
}

/* Is there a digit other than 0 in the run of digits that ends before end? */
static bool follows_number(struct str s, size_t end)
{
    while (end > 0) {
        unsigned len;
        uint32_t c = utf8_decode_last(s.p, end, &len);
        if (!unicode_is_digit(c))
            return false;
        if (c != '0')
            return true;
        end -= len;
    }
    return false;
}

/* Order of two keys from their first different characters x and y at i: letters by code, runs of digits by number, other
 * characters before letters, but behind them after a digit. */
static bool is_before_at(struct str a, struct str b, size_t i, bool digits, uint32_t x, uint32_t y)
{
    bool x_letter = unicode_is_letter(x), y_letter = unicode_is_letter(y);
    if (x_letter && y_letter)
        return x < y;
    if (x_letter || y_letter)
        return digits ? x_letter : y_letter;
    int64_t start = (x == '0' || y == '0') && follows_number(a, i);
    size_t a_end, b_end;
    int64_t a_number = read_run(a, i, start, &a_end), b_number = read_run(b, i, start, &b_end);
    if (a_number != b_number)
        return a_number < b_number;
    return a_end != b_end ? a_end < b_end : x < y;
}

static bool is_before(struct str a, struct str b)
{
    bool digits = false;
    size_t i = 0;
    while (i < a.len && i < b.len) {
        unsigned x_len, y_len;
        uint32_t x = char_at(a, i, &x_len), y = char_at(b, i, &y_len);
        if (x != y)
            return is_before_at(a, b, i, digits, x, y);
        digits = unicode_is_digit(x);
        i += x_len;
    }
    return a.len < b.len;
}

/* Merge sort: stable, and safe with an order that is not transitive for all keys. */
static void sort_entries(struct entry *items, struct entry *spare, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, k = half;
    sort_entries(items, spare, half);
    sort_entries(items + half, spare, count - half);
    memcpy(spare, items, count * sizeof *items);
    for (size_t n = 0; n < count; n++) {
        bool right = i == half || (k < count && is_before(spare[k].text, spare[i].text));
        items[n] = right ? spare[k++] : spare[i++];
    }
}

/* A key with a line break in it (U+0085 is not escaped in JSON) cannot be read back. */
static bool has_next_line(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if ((unsigned char)s.p[i] == 0xC2 && (unsigned char)s.p[i + 1] == 0x85)
            return true;
    return false;
}

static int read_entries(struct emitter *e, const struct object *o, struct entry **ret)
{
    struct arena *a = e->out->arena;
    struct entry *items = arena_array(a, (size_t)o->count * 2, sizeof *items);
    if (items == NULL) {
        e->out->failed = true;
        return -1;
    }
    for (uint32_t i = 0; i < o->count; i++) {
        struct value key = o->members[i].key;
        struct buf json;
        struct str text = value_text(key);
        buf_init(&json, a);
        if (key.kind != VALUE_STRING) {
            json_write(&json, key, JSON_COMPACT);
            text = buf_view(&json);
        }
        if (text.len >= READ_KEY_CHARS / 6) {
            struct buf quoted;
            buf_init(&quoted, a);
            json_write_string(&quoted, text, JSON_COMPACT);
            if (count_chars(buf_view(&quoted)) > READ_KEY_CHARS)
                return err_set(e->err, ERR_YAML, "yaml: did not find expected ',' or '}'");
        }
        if (has_next_line(text))
            return err_set(e->err, ERR_YAML, "yaml: line 1: did not find expected ',' or '}'");
        if (pass_text(e, text, &items[i].text) != 0)
            return -1;
        items[i].value = o->members[i].value;
    }
    sort_entries(items, items + o->count, o->count);
    *ret = items;
    return 0;
}

/* ---- values ---- */

static int emit_value(struct emitter *e, struct value v);

static int emit_number(struct emitter *e, struct value v)
{
    char tmp[NUMBER_INT_TEXT];
    struct str text = number_text(v, tmp);
    struct yaml_work w = {e->out->arena, e->err, 0, UINT64_MAX};
    struct yaml_scalar found;
    if (!value_is_int(v)) {
        if (yaml_resolve(&w, STR(""), text, &found) != 0)
            return -1;
        if (found.kind == YAML_FLOAT && !yaml_float_text(e->out->arena, found.real, 64, &text)) {
            e->out->failed = true;
            return -1;
        }
        if (found.kind == YAML_STRING)
            return emit_string(e, text, false); /* out of range of floats: OPA's reader takes it for a string */
    }
    write_flowing(e, text, false);
    return 0;
}

static int emit_array(struct emitter *e, const struct value *items, size_t count)
{
    if (count == 0) {
        write_indicator(e, "[", true, false);
        write_indicator(e, "]", false, false);
        return 0;
    }
    int indent = e->indent;
    e->indent = indent < 0 ? 0 : indent + 2;
    for (size_t i = 0; i < count; i++) {
        write_indent(e);
        write_indicator(e, "-", true, true);
        if (emit_value(e, items[i]) != 0)
            return -1;
    }
    e->indent = indent;
    return 0;
}

static int emit_entry(struct emitter *e, const struct entry *entry)
{
    bool simple = !analyze(entry->text).multiline && entry->text.len <= SIMPLE_KEY_BYTES;
    write_indent(e);
    if (!simple)
        write_indicator(e, "?", true, true);
    if (emit_string(e, entry->text, simple) != 0)
        return -1;
    if (simple)
        write_indicator(e, ":", false, false);
    else {
        write_indent(e);
        write_indicator(e, ":", true, true);
    }
    return emit_value(e, entry->value);
}

static int emit_object(struct emitter *e, const struct object *o)
{
    struct entry *entries;
    if (o->count == 0) {
        write_indicator(e, "{", true, false);
        write_indicator(e, "}", false, false);
        return 0;
    }
    if (read_entries(e, o, &entries) != 0)
        return -1;
    int indent = e->indent;
    e->indent = indent < 0 ? 0 : indent + 2;
    for (uint32_t i = 0; i < o->count; i++)
        if (emit_entry(e, &entries[i]) != 0)
            return -1;
    e->indent = indent;
    return 0;
}

static int emit_value(struct emitter *e, struct value v)
{
    struct str text;
    switch (v.kind) {
    case VALUE_BOOL:
        write_flowing(e, v.i != 0 ? STR("true") : STR("false"), false);
        return 0;
    case VALUE_NUMBER:
        return emit_number(e, v);
    case VALUE_STRING:
        return pass_text(e, value_text(v), &text) != 0 ? -1 : emit_string(e, text, false);
    case VALUE_ARRAY:
        return emit_array(e, v.items, v.len);
    case VALUE_SET:
        return emit_array(e, set_items(v.set), v.set->count);
    case VALUE_OBJECT:
        return emit_object(e, v.object);
    default:
        write_flowing(e, STR("null"), false);
        return 0;
    }
}

int yaml_write(struct buf *b, struct value v, struct err *e)
{
    struct emitter em = {.out = b, .err = e, .indent = -1, .whitespace = true, .indention = true};
    if (emit_value(&em, v) != 0 && !b->failed)
        return -1;
    em.indent = 0;
    write_indent(&em);
    return 0;
}
