#ifndef DROVER_CPOSTGRESQL_SHIM_H
#define DROVER_CPOSTGRESQL_SHIM_H

#include <stddef.h>

#include <libpq-fe.h>

/* Fields of an error are named by characters, which Swift's importer does not read as such. The detail and the context
 * of an error are not here: they may hold values of rows. */
static inline const char *cpostgresql_state(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}
static inline const char *cpostgresql_reason(const PGresult *result) {
  return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

/* libpq prints notices to standard error unless it is told otherwise. */
static inline void cpostgresql_ignore(void *context, const PGresult *result) {
  (void)context;
  (void)result;
}
static inline void cpostgresql_ignore_notices(PGconn *connection) {
  PQsetNoticeReceiver(connection, cpostgresql_ignore, NULL);
}

#endif
