#include "CSimdJSON.h"

#include <algorithm>
#include <new>

#include <simdjson.h>

struct csimdjson_parser {
  simdjson::dom::parser parser;
};

size_t csimdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }

csimdjson_parser *csimdjson_create(void) { return new (std::nothrow) csimdjson_parser; }

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length,
                    size_t maximum_depth, csimdjson_document *document) {
  auto &own = parser->parser;
  const bool fits = length <= own.capacity() && length <= own.doc.capacity();
  if (!fits || own.max_depth() != maximum_depth) {
    // Growing by halves keeps a stream of slowly longer documents from allocating for each one.
    const size_t wanted = std::max({length, own.capacity() + own.capacity() / 2, size_t(4096)});
    const size_t capacity = fits ? own.capacity() : std::min(wanted, own.max_capacity());
    if (auto error = own.allocate(capacity, maximum_depth)) return error;
    if (auto error = own.doc.allocate(capacity)) return error;
  }
  if (auto error = own.parse(bytes, length, false).error()) return error;
  document->tape = own.doc.tape.get();
  document->strings = own.doc.string_buf.get();
  return 0;
}

size_t csimdjson_capacity(const csimdjson_parser *parser) { return parser->parser.capacity(); }

const char *csimdjson_message(int code) {
  return simdjson::error_message(static_cast<simdjson::error_code>(code));
}
