/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading values from outside.
 */
#include <quis/value.h>

#include "api/api.h"
#include "vm/number.h"

enum quis_kind quis_value_kind(const struct quis_value *value)
{
    uint8_t kind = value != NULL ? api_value(value)->kind : VALUE_UNDEFINED;
    return kind < VALUE_KIND_COUNT ? (enum quis_kind)kind : QUIS_UNDEFINED; /* the kinds are numbered alike */
}

_Static_assert((int)QUIS_SET == (int)VALUE_SET && (int)QUIS_NULL == (int)VALUE_NULL, "kinds are numbered alike");

bool quis_value_is_true(const struct quis_value *value)
{
    return value != NULL && value_is_true(*api_value(value));
}

bool quis_value_int64(const struct quis_value *value, int64_t *ret)
{
    return quis_value_kind(value) == QUIS_NUMBER && number_to_int64(*api_value(value), ret);
}

bool quis_value_double(const struct quis_value *value, double *ret)
{
    if (quis_value_kind(value) != QUIS_NUMBER)
        return false;
    *ret = number_double(*api_value(value));
    return true;
}

bool quis_value_text(const struct quis_value *value, struct quis_text *ret)
{
    if (quis_value_kind(value) != QUIS_STRING)
        return false;
    struct str s = value_text(*api_value(value));
    *ret = (struct quis_text){s.p, s.len};
    return true;
}

size_t quis_value_size(const struct quis_value *value)
{
    switch (quis_value_kind(value)) {
    case QUIS_STRING:
    case QUIS_ARRAY:
        return api_value(value)->len;
    case QUIS_OBJECT:
        return api_value(value)->object->count;
    case QUIS_SET:
        return api_value(value)->set->count;
    default:
        return 0;
    }
}

bool quis_value_at(const struct quis_value *value, size_t i, struct quis_value *ret_key, struct quis_value *ret)
{
    enum quis_kind kind = quis_value_kind(value);
    if (kind < QUIS_ARRAY || i >= quis_value_size(value))
        return false;
    struct value key = value_int((int64_t)i), item;
    if (kind == QUIS_ARRAY) {
        item = api_value(value)->items[i];
    } else if (kind == QUIS_SET) {
        item = key = set_items(api_value(value)->set)[i];
    } else {
        const struct member *m = &object_members(api_value(value)->object)[i];
        key = m->key;
        item = m->value;
    }
    if (ret_key != NULL)
        api_give(ret_key, key);
    api_give(ret, item);
    return true;
}

bool quis_value_get(const struct quis_value *value, const char *key, size_t size, struct quis_value *ret)
{
    if (quis_value_kind(value) != QUIS_OBJECT)
        return false;
    const struct value *found = object_find_str(api_value(value)->object, str_of(key, size));
    if (found == NULL)
        return false;
    api_give(ret, *found);
    return true;
}
