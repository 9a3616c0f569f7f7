/* SPDX-License-Identifier: Apache-2.0
 *
 * Programs as objects: interning, the file form and its damage, digests, entries, places, the listing.
 */
#include <criterion/criterion.h>

#include "tests/tools/machine.h"

static const char sample[] =
    "file p.rego\nposition 3 1\nposition 4 5\nnode data\nnode data.a\nnode data.a.p data.a.p\n"
    "func q query regs=8\nline 0\nRULE r1 data.a.p u\nline 1\nCONST r2 {\"k\":[1,2.50,\"x\",null,true]}\n"
    "switch s 7=one \"a\"=one else=two\nSWITCH i3 r1 s\nmore:\nNEXT_DEF i3 u\none:\nRET r2\ntwo:\nADD r4 r1 r1 more\n"
    "CALL r4 r4 1 data.a.f more\nARRAY r0 r1 2\nINPUT_PATH r5 [\"u\",1] more\nMOVE r0 r4\nRET r0\nu:\nRET_UNDEF\n"
    "func data.a.p complete regs=1 node=data.a.p\nCONST r0 20\nRET r0\n"
    "func data.a.f call args=1 regs=2 memo\nBUILTIN r1 r0 1 t.id/1 u\nRET r1\nu:\nRET_UNDEF\nentry q q\nentry data.a.p "
    "data.a.p\n";

static void write_file(struct machine *m, struct buf *out)
{
    buf_init(out, &m->arena);
    cr_assert(machine_seal(m, sample), "%s", m->e.text);
    cr_assert_eq(program_write(m->program, out, &m->e), 0);
}

static struct program *read_file(struct machine *m, const void *bytes, size_t len)
{
    struct alloc alloc = alloc_default();
    struct program *p = NULL;
    m->e.code = ERR_OK;
    if (program_read(bytes, len, &machine_link, &alloc, &m->options.limits, &p, &m->e) != 0)
        return NULL;
    return p;
}

Test(program, constants_are_interned_by_text)
{
    struct machine m;
    machine_init(&m);
    builder_init(&m.builder, &m.arena);
    uint32_t one = builder_constant(&m.builder, value_int(1));
    cr_expect_eq(builder_constant(&m.builder, value_int(1)), one);
    cr_expect_neq(builder_constant(&m.builder, machine_json(&m, "1.0")), one);
    uint32_t list = builder_constant(&m.builder, machine_json(&m, "{\"a\":[1],\"b\":2}"));
    cr_expect_eq(builder_constant(&m.builder, machine_json(&m, "{\"b\":2,\"a\":[1]}")), list);
    cr_expect_neq(builder_constant(&m.builder, machine_json(&m, "{\"b\":2,\"a\":[1.0]}")), list);
    cr_expect_eq(builder_string(&m.builder, STR("s")), builder_constant(&m.builder, value_string("s", 1)));
    machine_fini(&m);
}

Test(program, many_constants_and_paths_are_interned)
{
    struct machine m;
    machine_init(&m);
    builder_init(&m.builder, &m.arena);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < 1000; i++) {
            uint32_t keys[2] = {builder_constant(&m.builder, value_int(i)), builder_constant(&m.builder, value_int(i / 2))};
            cr_assert_eq(keys[0], i);
            cr_assert_eq(builder_path(&m.builder, keys, 2), i);
        }
    }
    cr_expect_eq(m.builder.t.paths_count, 1000);
    machine_fini(&m);
}

Test(program, a_file_is_read_as_it_was_written)
{
    struct machine m;
    struct buf first, second;
    uint8_t a[PROGRAM_DIGEST_BYTES], b[PROGRAM_DIGEST_BYTES];
    machine_init(&m);
    write_file(&m, &first);
    struct program *p = read_file(&m, first.p, first.len);
    cr_assert(p != NULL, "%s", m.e.text);
    buf_init(&second, &m.arena);
    cr_assert_eq(program_write(p, &second, &m.e), 0);
    cr_expect(str_equal(buf_view(&first), buf_view(&second)));
    cr_assert_eq(program_digest(m.program, a, &m.e), 0);
    cr_assert_eq(program_digest(p, b, &m.e), 0);
    cr_expect_arr_eq(a, b, sizeof a);
    program_unref(m.program);
    m.program = p;
    cr_assert(machine_start(&m));
    cr_expect_str_eq(machine_eval(&m, NULL, "{\"u\":[0,\"v\"]}"), "40");
    machine_fini(&m);
}

Test(program, a_file_with_any_bit_flipped_is_refused)
{
    struct machine m;
    struct buf file;
    machine_init(&m);
    write_file(&m, &file);
    for (size_t i = 0; i < file.len * 8; i++) {
        file.p[i / 8] = (char)(file.p[i / 8] ^ 1 << i % 8);
        cr_expect(read_file(&m, file.p, file.len) == NULL, "bit %zu", i);
        file.p[i / 8] = (char)(file.p[i / 8] ^ 1 << i % 8);
    }
    machine_fini(&m);
}

Test(program, a_file_that_is_cut_off_is_refused)
{
    struct machine m;
    struct buf file;
    machine_init(&m);
    write_file(&m, &file);
    for (size_t len = 0; len < file.len; len++)
        cr_expect(read_file(&m, file.p, len) == NULL, "%zu bytes", len);
    machine_fini(&m);
}

Test(program, a_file_above_the_limit_is_refused)
{
    struct machine m;
    struct buf file;
    machine_init(&m);
    write_file(&m, &file);
    m.options.limits.program_bytes = file.len - 1;
    cr_expect(read_file(&m, file.p, file.len) == NULL);
    cr_expect_eq(m.e.code, ERR_LIMIT_SIZE);
    machine_fini(&m);
}

Test(program, entries_are_found_by_name)
{
    struct machine m;
    uint32_t entry;
    machine_init(&m);
    cr_assert(machine_seal(&m, sample));
    cr_expect(program_entry(m.program, STR("data.a.p"), &entry));
    cr_expect_eq(entry, 1);
    cr_expect(!program_entry(m.program, STR("data.a"), &entry));
    machine_fini(&m);
}

Test(program, words_have_places)
{
    struct machine m;
    machine_init(&m);
    cr_assert(machine_seal(&m, sample));
    cr_expect_eq(program_position(m.program, 0), 0);
    cr_expect_eq(program_position(m.program, 1), 0);
    cr_expect_eq(program_position(m.program, 2), 1);
    cr_expect_eq(program_position(m.program, 1000), 1);
    machine_fini(&m);
}

static void expect_line(const char *listing, const char *line)
{
    cr_expect(strstr(listing, line) != NULL, "not found: %s\n%s", line, listing);
}

Test(program, the_listing_spells_everything_out)
{
    struct machine m;
    struct buf out;
    machine_init(&m);
    cr_assert(machine_seal(&m, sample));
    buf_init(&out, &m.arena);
    program_disassemble(m.program, NONE, &out);
    buf_char(&out, '\0');
    expect_line(out.p, "query q  (");
    expect_line(out.p, "RULE         r1 data.a.p else L");
    expect_line(out.p, "  ; p.rego:4:5");
    expect_line(out.p, "CONST        r2 {\"k\": [1, 2.50, \"x\", null, true]}");
    expect_line(out.p, "INPUT_PATH   r5 [\"u\", 1] else L");
    expect_line(out.p, "BUILTIN      r1 r0 t.id else L");
    expect_line(out.p, "else -> L");
    expect_line(out.p, "function data.a.f  (4 words, 2 registers, 1 arguments, memo)");
    machine_fini(&m);
}

Test(program, failed_builders_do_not_seal)
{
    struct machine m;
    struct alloc alloc = alloc_default();
    machine_init(&m);
    builder_init(&m.builder, &m.arena);
    m.builder.failed = true;
    cr_expect_eq(program_seal(&m.builder, &machine_link, &alloc, &m.options.limits, &m.program, &m.e), -1);
    machine_fini(&m);
}

/* ---- an allocator that gives up ---- */

struct stingy {
    size_t left, live;
};

static void *stingy_alloc(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    struct stingy *s = ctx;
    struct alloc real = alloc_default();
    if (new_size == 0) {
        s->live -= old_size;
        return real.fn(real.ctx, ptr, old_size, 0);
    }
    if (s->left == 0)
        return NULL;
    s->left--;
    s->live += new_size - old_size;
    return real.fn(real.ctx, ptr, old_size, new_size);
}

static bool try_all(struct machine *m, const struct buf *file, struct stingy *s)
{
    struct alloc alloc = {stingy_alloc, s};
    struct program *p = NULL;
    struct vm *vm = NULL;
    struct value v;
    struct err e = {0};
    bool ok = program_read(file->p, file->len, &machine_link, &alloc, &m->options.limits, &p, &e) == 0 &&
              vm_new(p, &alloc, &m->options, &vm, &e) == 0;
    if (ok) {
        (void)vm_begin(vm);
        ok = vm_eval(vm, 0, value_undefined(), machine_json(m, "{\"u\":[0,\"v\"]}"), &v, &e) == 0;
    }
    vm_free(vm);
    program_unref(p);
    cr_expect(ok || e.code == ERR_NOMEM, "%s", e.text);
    return ok;
}

Test(program, running_out_of_memory_leaks_nothing)
{
    struct machine m;
    struct buf file;
    size_t allowed = 0;
    machine_init(&m);
    write_file(&m, &file);
    for (bool ok = false; !ok && allowed < 1000; allowed++) {
        struct stingy s = {allowed, 0};
        ok = try_all(&m, &file, &s);
        cr_expect_eq(s.live, 0, "%zu bytes left after %zu allocations", s.live, allowed);
    }
    cr_expect(allowed > 5 && allowed < 1000);
    machine_fini(&m);
}
