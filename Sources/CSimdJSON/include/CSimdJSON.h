#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A simdjson DOM parser with the buffers that it uses again for every document.
typedef struct csimdjson_parser csimdjson_parser;

/// What a parse left behind, valid until the parser's next parse or its end.
typedef struct {
  /// 64-bit words: the tag in the top byte, the payload below it.
  const uint64_t *tape;
  /// For every string: a 32-bit length, the bytes, a NUL.
  const uint8_t *strings;
} csimdjson_document;

/// How many bytes behind a document's end must be readable.
size_t csimdjson_padding(void);

/// NULL where there is no memory left.
csimdjson_parser *csimdjson_create(void);

void csimdjson_destroy(csimdjson_parser *parser);

/// Parses `length` bytes, behind which csimdjson_padding() more can be read.
/// `maximum_depth` counts arrays and objects inside one another.
/// Returns 0, or simdjson's error code.
int csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t length,
                    size_t maximum_depth, csimdjson_document *document);

/// The bytes of one document for which the parser's buffers are large enough now.
size_t csimdjson_capacity(const csimdjson_parser *parser);

/// simdjson's own words for an error code.
const char *csimdjson_message(int code);

#ifdef __cplusplus
}
#endif

#endif
