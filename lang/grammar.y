/* SPDX-License-Identifier: Apache-2.0
 *
 * The grammar of Rego over the tokens that the filter (token_filter.c) has resolved. LALR(1) without conflicts. Actions call
 * one function of build.c each; what a grammar cannot say is checked there. The parser stops at the first error; what is
 * wrong, in OPA's words, is found out by parse_diag.c.
 */
%define api.pure full
%define api.prefix {gram_}
%define api.location.type {struct span}
%define parse.error custom
%parse-param {struct parse *p}
%lex-param {struct parse *p}
%expect 0

%code requires {
#include "lang/parse.h"
}

%code {
#define YYLLOC_DEFAULT(current, rhs, n) \
    ((current) = (n) ? (struct span){YYRHSLOC(rhs, 1).first, YYRHSLOC(rhs, n).end} \
                     : (struct span){YYRHSLOC(rhs, 0).first, YYRHSLOC(rhs, 0).end})

/* The parser's stack lives in the arena. */
#define YYMALLOC(size) parse_alloc(p, (size))
#define YYFREE(ptr) ((void)(ptr))
#define YYMAXDEPTH 100000000
#define YYINITDEPTH 200

/* Every node may fail: out of memory, or not a node that OPA would accept here. */
#define NODE(node) do { if (((node)) == NULL) YYABORT; } while (0)
#define CHECK(done) do { if (!(done)) YYABORT; } while (0)

static void gram_error(const struct span *where, struct parse *p, const char *message);
static int gram_lex(YYSTYPE *value, struct span *where, struct parse *p);
}

%union {
    const struct token *token;
    struct term *term;
    struct expr *expr;
    struct head *head;
    struct rule *rule;
    size_t mark; /* where a list starts on the stack of nodes */
}

%token END 0
%token MODULE QUERY
%token <token> IDENT NAME NUMBER STRING TRUE FALSE NULL_VALUE
%token <token> TEMPLATE_PART TEMPLATE_END NEXT_PART NEXT_END
%token LPAREN CALL_LPAREN LGROUP RPAREN LBRACK REF_LBRACK RBRACK LBRACE LBODY LOPERAND RBRACE
%token COMMA COLON SEMICOLON SEPARATOR BAR DOT
%token <token> NUMBER_DOT NEGATE
%token <token> ASSIGN UNIFY IN RELATION UNION INTERSECTION ADDITION MULTIPLICATION
%token PACKAGE IMPORT AS DEFAULT NOT SOME SOME_IN EVERY WITH ELSE IF CONTAINS LOGICAL_AND LOGICAL_OR

%left RELATION
%left UNION
%left INTERSECTION
%left ADDITION
%left MULTIPLICATION

%type <term> any item rel primary number base composite template call
%type <expr> some every
%type <mark> callee ref items list pairs pair_list path names parts body query
%type <expr> expr literal plain negated group scoped operand and_chain or_chain or_operand chain
%type <head> head contains else_head
%type <rule> rule branch closed rule_chain

%start input

%%

input:
    MODULE statements END
  | QUERY queries END
  ;

queries:
    %empty
  | queries query                     { CHECK(build_statement(p, $2, @2)); p->done = @2.end; }
  ;

statements:
    %empty
  | statements statement              { p->done = @2.end; }
  ;

statement:
    PACKAGE path                      { CHECK(build_package(p, $2, @1)); }
  | IMPORT path                       { CHECK(build_import(p, $2, NULL, @1, @2)); }
  | IMPORT path AS IDENT              { CHECK(build_import(p, $2, $4, @1, @2)); }
  | DEFAULT head                      { CHECK(build_default(p, $2, @1)); }
  | DEFAULT contains                  { CHECK(build_default(p, $2, @1)); }
  | query                             { CHECK(build_statement(p, $1, @1)); }
  | rule                              { CHECK(build_rule_end(p, $1, @1)); }
  | rule branch                       { CHECK(build_branch(p, $1, $2, @$)); }
  | rule_chain
  | contains                          { CHECK(build_bodyless(p, $1, @1)); }
  ;

path:
    IDENT                             { CHECK(build_path(p, &$$, $1)); }
  | path DOT NAME                     { $$ = $1; CHECK(build_push(p, build_name(p, $3))); }
  | path REF_LBRACK STRING RBRACK     { $$ = $1; CHECK(build_push(p, build_string(p, $3))); }
  ;

query:
    literal                           { CHECK(build_start(p, &$$, $1)); }
  | query SEMICOLON literal           { $$ = $1; CHECK(build_push(p, $3)); }
  ;

/* ---- rules ---- */

rule:
    head IF literal                   { NODE($$ = build_rule(p, $1, build_one(p, $3), true, @1)); }
  | head IF LBODY body RBRACE         { NODE($$ = build_rule(p, $1, $4, true, @1)); }
  | head LBODY body RBRACE            { NODE($$ = build_rule(p, $1, $3, false, @1)); }
  | contains IF literal               { NODE($$ = build_rule(p, $1, build_one(p, $3), true, @1)); }
  | contains IF LBODY body RBRACE     { NODE($$ = build_rule(p, $1, $4, true, @1)); }
  | contains LBODY body RBRACE        { NODE($$ = build_rule(p, $1, $3, false, @1)); }
  ;

rule_chain:
    rule LBODY body RBRACE            { CHECK(build_rule_end(p, $1, @1)); NODE($$ = build_chained(p, $3, @2, @4)); }
  | rule_chain LBODY body RBRACE      { NODE($$ = build_chained(p, $3, @2, @4)); }
  ;

head:
    expr                              { NODE($$ = build_head(p, $1, @1)); }
  ;

contains:
    expr CONTAINS any                 { NODE($$ = build_contains(p, $1, $3, @$)); }
  ;

branch:
    else_head ASSIGN any              { NODE($$ = build_else(p, $1, $2, $3, NO_BODY, false, @1, @3)); }
  | else_head UNIFY any               { NODE($$ = build_else(p, $1, $2, $3, NO_BODY, false, @1, @3)); }
  | closed
  | closed branch                     { $$ = build_else_end(p, $1, $2, @$); }
  ;

closed:
    else_head LBODY body RBRACE               { NODE($$ = build_else(p, $1, NULL, NULL, $3, false, @1, @1)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head ASSIGN any LBODY body RBRACE    { NODE($$ = build_else(p, $1, $2, $3, $5, false, @1, @3)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head UNIFY any LBODY body RBRACE     { NODE($$ = build_else(p, $1, $2, $3, $5, false, @1, @3)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head IF LBODY body RBRACE            { NODE($$ = build_else(p, $1, NULL, NULL, $4, true, @1, @1)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head ASSIGN any IF LBODY body RBRACE { NODE($$ = build_else(p, $1, $2, $3, $6, true, @1, @3)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head UNIFY any IF LBODY body RBRACE  { NODE($$ = build_else(p, $1, $2, $3, $6, true, @1, @3)); $$ = build_else_end(p, $$, NULL, @$); }
  | else_head IF literal                      { NODE($$ = build_else(p, $1, NULL, NULL, build_one(p, $3), true, @1, @1)); $$ = build_else_literal(p, $$, @$); }
  | else_head ASSIGN any IF literal           { NODE($$ = build_else(p, $1, $2, $3, build_one(p, $5), true, @1, @3)); $$ = build_else_literal(p, $$, @$); }
  | else_head UNIFY any IF literal            { NODE($$ = build_else(p, $1, $2, $3, build_one(p, $5), true, @1, @3)); $$ = build_else_literal(p, $$, @$); }
  ;

else_head:
    ELSE                              { NODE($$ = build_else_head(p)); }
  ;

/* ---- bodies ---- */

body:
    literal                           { CHECK(build_start(p, &$$, $1)); }
  | body SEMICOLON literal            { $$ = $1; CHECK(build_push(p, $3)); }
  | body SEPARATOR literal            { $$ = $1; CHECK(build_push(p, $3)); }
  ;

literal:
    plain                             { $$ = build_literal(p, $1, @$); }
  | plain withs                       { NODE($$ = build_withs(p, $1)); $$ = build_literal(p, $$, @$); }
  | chain                             { $$ = build_literal(p, $1, @$); }
  | chain withs                       { NODE($$ = build_withs(p, $1)); $$ = build_literal(p, $$, @$); }
  | SOME names                        { NODE($$ = build_some(p, $2, @$)); }
  | some
  | some withs                        { NODE($$ = build_withs(p, $1)); $$ = build_literal(p, $$, @$); }
  | every
  | every withs                       { NODE($$ = build_withs(p, $1)); $$ = build_literal(p, $$, @$); }
  ;

some:
    SOME_IN any                       { NODE($$ = build_some_in(p, $2, @$)); }
  ;

names:
    IDENT                             { CHECK(build_start(p, &$$, build_declared(p, $1))); }
  | names COMMA IDENT                 { $$ = $1; CHECK(build_push(p, build_declared(p, $3))); }
  ;

every:
    EVERY rel IN rel LBODY body RBRACE            { NODE($$ = build_every(p, NULL, $2, $4, $6, @$)); }
  | EVERY rel COMMA rel IN rel LBODY body RBRACE  { NODE($$ = build_every(p, $2, $4, $6, $8, @$)); }
  ;

withs:
    WITH primary AS any               { CHECK(build_with(p, $2, $4, true, @1, @$)); }
  | withs WITH primary AS any         { CHECK(build_with(p, $3, $5, false, @2, build_span(@2, @5))); }
  ;

plain:
    expr
  | negated
  | group
  ;

negated:
    NOT expr                          { NODE($$ = build_not(p, $2, @$)); }
  | NOT LOPERAND body RBRACE          { NODE($$ = build_not_body(p, $3, @$)); }
  | NOT group                         { NODE($$ = build_not(p, $2, @$)); }
  | NOT scoped                        { NODE($$ = build_not(p, $2, @$)); }
  ;

/* Parentheses around and, or, not. */
group:
    LGROUP chain RPAREN               { $$ = $2; }
  | LGROUP chain withs RPAREN         { NODE($$ = build_withs(p, $2)); }
  | LGROUP negated RPAREN             { $$ = $2; }
  | LGROUP group RPAREN               { $$ = $2; }
  ;

/* Parentheses around an operand with its own modifiers. */
scoped:
    LGROUP expr withs RPAREN          { NODE($$ = build_operand(p, $2, @2)); NODE($$ = build_withs(p, $$)); }
  | LGROUP negated withs RPAREN       { NODE($$ = build_withs(p, $2)); }
  | LGROUP group withs RPAREN         { NODE($$ = build_withs(p, $2)); }
  ;

operand:
    expr                              { NODE($$ = build_operand(p, $1, @1)); }
  | negated
  | group
  | scoped
  | LOPERAND body RBRACE              { NODE($$ = build_operand_body(p, $2, @1)); }
  ;

chain:
    and_chain
  | or_chain
  ;

and_chain:
    operand LOGICAL_AND operand       { NODE($$ = build_logic(p, EXPR_AND, $1, $3, @$)); }
  | and_chain LOGICAL_AND operand     { NODE($$ = build_logic(p, EXPR_AND, $1, $3, @$)); }
  ;

or_chain:
    or_operand LOGICAL_OR or_operand  { NODE($$ = build_logic(p, EXPR_OR, $1, $3, @$)); }
  | or_chain LOGICAL_OR or_operand    { NODE($$ = build_logic(p, EXPR_OR, $1, $3, @$)); }
  ;

or_operand:
    operand
  | and_chain
  ;

expr:
    any                               { NODE($$ = build_expr(p, $1, @$)); }
  | any ASSIGN any                    { NODE($$ = build_unify(p, $2, $1, $3, @$)); }
  | any UNIFY any                     { NODE($$ = build_unify(p, $2, $1, $3, @$)); }
  ;

/* ---- terms ---- */

any:
    rel
  | any IN rel                        { NODE($$ = build_member(p, $2, NULL, $1, $3, @$)); }
  | rel COMMA rel IN rel              { NODE($$ = build_member(p, $4, $1, $3, $5, @$)); }
  ;

/* In lists a comma cannot belong to `in`. */
item:
    rel
  | item IN rel                       { NODE($$ = build_member(p, $2, NULL, $1, $3, @$)); }
  ;

rel:
    primary
  | rel RELATION rel                  { NODE($$ = build_infix(p, $2, $1, $3, @$)); }
  | rel UNION rel                     { NODE($$ = build_infix(p, $2, $1, $3, @$)); }
  | rel INTERSECTION rel              { NODE($$ = build_infix(p, $2, $1, $3, @$)); }
  | rel ADDITION rel                  { NODE($$ = build_infix(p, $2, $1, $3, @$)); }
  | rel MULTIPLICATION rel            { NODE($$ = build_infix(p, $2, $1, $3, @$)); }
  ;

primary:
    base                              { NODE($$ = build_base(p, $1)); }
  | ref                               { NODE($$ = build_ref(p, $1, @$)); }
  | call
  | TRUE                              { NODE($$ = build_scalar(p, value_bool(true), @1)); }
  | FALSE                             { NODE($$ = build_scalar(p, value_bool(false), @1)); }
  | NULL_VALUE                        { NODE($$ = build_scalar(p, value_null(), @1)); }
  | STRING                            { NODE($$ = build_string(p, $1)); }
  | number
  | template
  | NEGATE base                       { NODE($$ = build_negative(p, build_base(p, $2), @1, @$)); }
  | NEGATE ref                        { NODE($$ = build_negative(p, build_ref(p, $2, @2), @1, @$)); }
  | NEGATE call                       { NODE($$ = build_negative(p, $2, @1, @$)); }
  ;

number:
    NUMBER                            { NODE($$ = build_number(p, "", $1, @$)); }
  | NUMBER_DOT NUMBER                 { NODE($$ = build_number(p, ".", $2, @$)); }
  | NEGATE NUMBER                     { NODE($$ = build_number(p, "-", $2, @$)); }
  | NEGATE NUMBER_DOT NUMBER          { NODE($$ = build_number(p, "-.", $3, @$)); }
  ;

/* What a reference may start with. */
base:
    IDENT                             { NODE($$ = build_var(p, $1)); }
  | composite
  | LPAREN any RPAREN                 { $$ = build_parens($2, @$); }
  ;

ref:
    base DOT NAME                     { CHECK(build_ref_start(p, &$$, $1, build_name(p, $3))); }
  | base REF_LBRACK any RBRACK        { CHECK(build_ref_start(p, &$$, $1, $3)); }
  | call DOT NAME                     { CHECK(build_ref_start(p, &$$, $1, build_name(p, $3))); }
  | call REF_LBRACK any RBRACK        { CHECK(build_ref_start(p, &$$, $1, $3)); }
  | ref DOT NAME                      { $$ = $1; CHECK(build_push(p, build_name(p, $3))); }
  | ref REF_LBRACK any RBRACK         { $$ = $1; CHECK(build_push(p, $3)); }
  ;

call:
    callee RPAREN                     { NODE($$ = build_call(p, $1, @$)); }
  | callee items RPAREN               { NODE($$ = build_call(p, $1, @$)); }
  | callee items COMMA RPAREN         { NODE($$ = build_call(p, $1, @$)); }
  ;

callee:
    base CALL_LPAREN                  { CHECK(build_callee(p, &$$, $1, @2)); }
  | ref CALL_LPAREN                   { CHECK(build_callee_ref(p, $1, @2)); $$ = $1; }
  ;

composite:
    LBRACK RBRACK                             { NODE($$ = build_list(p, TERM_ARRAY, build_here(p), @$)); }
  | LBRACK list RBRACK                        { NODE($$ = build_list(p, TERM_ARRAY, $2, @$)); }
  | LBRACK primary BAR body RBRACK            { NODE($$ = build_compr(p, TERM_ARRAY_COMPR, NULL, $2, $4, @$)); }
  | LBRACE RBRACE                             { NODE($$ = build_list(p, TERM_OBJECT, build_here(p), @$)); }
  | LBRACE list RBRACE                        { NODE($$ = build_list(p, TERM_SET, $2, @$)); }
  | LBRACE primary BAR body RBRACE            { NODE($$ = build_compr(p, TERM_SET_COMPR, NULL, $2, $4, @$)); }
  | LBRACE pair_list RBRACE                   { NODE($$ = build_list(p, TERM_OBJECT, $2, @$)); }
  | LBRACE item COLON primary BAR body RBRACE { NODE($$ = build_compr(p, TERM_OBJECT_COMPR, $2, $4, $6, @$)); }
  ;

/* A comma may lead and may trail. */
list:
    items
  | items COMMA
  | COMMA items                       { $$ = $2; }
  | COMMA items COMMA                 { $$ = $2; }
  ;

items:
    item                              { CHECK(build_start(p, &$$, $1)); }
  | items COMMA item                  { $$ = $1; CHECK(build_push(p, $3)); }
  ;

pair_list:
    pairs
  | pairs COMMA
  | COMMA pairs                       { $$ = $2; }
  | COMMA pairs COMMA                 { $$ = $2; }
  ;

pairs:
    item COLON item                   { CHECK(build_start(p, &$$, $1) && build_push(p, $3)); }
  | pairs COMMA item COLON item       { $$ = $1; CHECK(build_push(p, $3) && build_push(p, $5)); }
  ;

template:
    TEMPLATE_END                      { NODE($$ = build_template(p, build_here(p), $1, @$)); }
  | parts NEXT_END                    { NODE($$ = build_template(p, $1, $2, @$)); }
  ;

parts:
    TEMPLATE_PART literal RBRACE      { CHECK(build_part_start(p, &$$, $1, $2)); }
  | parts NEXT_PART literal RBRACE    { $$ = $1; CHECK(build_part(p, $2, $3)); }
  ;

%%

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *p)
{
    (void)context;
    (void)p; /* the place is where the tokens stopped */
    return 0;
}

static void gram_error(const struct span *where, struct parse *p, const char *message)
{
    (void)where;
    (void)message; /* only "memory exhausted" comes here */
    p->no_memory = true;
}

/* The next token as the filter has resolved it, with the start symbol first and separators in between. */
static int gram_lex(YYSTYPE *value, struct span *where, struct parse *p)
{
    const struct token *t = &p->tokens.items[p->next];
    *where = (struct span){t, t->offset};
    if (UNLIKELY(!p->is_started)) {
        p->is_started = true;
        return p->filter.is_query ? QUERY : MODULE;
    }
    if ((t->flags & TOKEN_SEPARATED) != 0 && !p->is_separated) {
        p->is_separated = true;
        return SEPARATOR;
    }
    p->is_separated = false;
    where->end += t->len;
    value->token = t;
    if (LIKELY(p->next + 1 < p->tokens.count))
        p->next++;
    return t->symbol;
}

bool parse_run(struct parse *p)
{
    return gram_parse(p) == 0;
}
