/* SPDX-License-Identifier: Apache-2.0
 *
 * Metadata blocks: `# METADATA` comments with YAML behind them, parsed and attached to packages and rules.
 *
 * Read once per module when it is parsed, and only when there is such a block.
 */
#ifndef QUIS_LANG_ANNOTATION_H
#define QUIS_LANG_ANNOTATION_H

#include "lang/ast_json.h"

struct schema_annotation {
    struct terms path;
    struct terms schema;     /* empty: none */
    struct value definition; /* undefined: none */
};

enum annotation_target { ANNOTATED_NOTHING, ANNOTATED_PACKAGE, ANNOTATED_IMPORT, ANNOTATED_RULE };

struct annotation {
    struct str scope; /* package, rule, document, subpackages */
    struct str title, description;
    bool entrypoint;
    bool has_compile;
    struct value organizations, related_resources, authors; /* arrays as in JSON; undefined: none */
    struct value custom, labels;                            /* objects; undefined: none */
    struct schema_annotation *schemas;
    size_t schema_count;
    struct terms *unknowns; /* of compile */
    size_t unknown_count;
    struct terms mask_rule; /* empty: none */
    struct str text;        /* the block as it would be written, for locations */
    struct loc loc;         /* of the line # METADATA */
    struct loc end_loc;     /* of the last line */
    enum annotation_target target;
    struct rule *rule; /* ANNOTATED_RULE */
    struct module *module;
};

/* Parses the metadata blocks among the module's comments into m->annotations. false: diagnostics, or out of memory. */
MUST_CHECK bool annotation_parse(struct compiler *c, struct module *m);

/* Attaches them to the statements below them, and to rules. false: diagnostics, or out of memory. */
MUST_CHECK bool annotation_attach(struct compiler *c, struct module *m);

/* The path of what it is attached to: a package's, or a rule's ground prefix below data. Empty: nothing or an import.
 * false: out of memory. */
MUST_CHECK bool annotation_path(struct arena *a, const struct annotation *n, struct terms *ret);

/* As JSON; undefined: out of memory. */
struct value annotation_json(struct arena *a, const struct compiler *c, const struct annotation *n,
                             struct ast_json_options options);

#endif
