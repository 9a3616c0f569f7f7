/* SPDX-License-Identifier: Apache-2.0
 *
 * What the command line names: files, folders and standard input, as modules and documents.
 *
 * As opa's loader (v1/loader): *.rego are modules; *.json, *.yaml and *.yml are data, below the names of the folders they were
 * found in; PREFIX:PATH mounts data below data.PREFIX. Data from several files is merged; the same place twice is an error.
 */
#ifndef QUIS_CLI_LOAD_H
#define QUIS_CLI_LOAD_H

#include "base/err.h"
#include "cli/flags.h"
#include "vm/value.h"

enum module_version { MODULE_AS_FLAGS, MODULE_V0, MODULE_V1 };

struct loaded_module {
    struct str name, text;
    enum module_version version; /* as the bundle's manifest says */
};

struct loaded {
    struct arena arena; /* everything here lives in it */
    struct loaded_module *modules;
    size_t module_count, module_cap;
    struct object *data;      /* merged; never NULL after load_init */
    const struct list *ignore; /* glob patterns of names to leave out */
};

MUST_CHECK int load_init(struct loaded *l, const struct list *ignore, struct err *e);
void load_fini(struct loaded *l);

/* A file or folder as --data takes it. */
MUST_CHECK int load_path(struct loaded *l, const char *path, struct err *e);

/* A folder or .tar.gz as --bundle takes it: modules, data.json and data.yaml, and a .manifest with roots and versions. */
MUST_CHECK int load_bundle(struct loaded *l, const char *path, struct err *e);

/* A whole file; "-" is standard input. Errors say why it cannot be read. */
MUST_CHECK int load_file(struct arena *a, const char *path, struct str *ret, struct err *e);

/* A JSON or (by its name) YAML document. */
MUST_CHECK int load_document(struct arena *a, const char *path, struct value *ret, struct err *e);

/* The pieces that load_bundle is made of (bundle.c). */
MUST_CHECK int load_module(struct loaded *l, const char *name, struct str text, struct err *e);
MUST_CHECK int load_parse(struct arena *a, const char *path, struct str text, struct value *ret, struct err *e);
MUST_CHECK int load_folder(struct loaded *l, const char *path, bool is_bundle, struct err *e);
bool load_is_bundle_data(const char *name);

/* Merges v at path (names) into the data. from: named in the error when the place is taken. */
MUST_CHECK int load_merge(struct loaded *l, const struct str *path, size_t count, struct value v, const char *from,
                          struct err *e);

#endif
