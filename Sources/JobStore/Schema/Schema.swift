/// The steps that a store's schema went through, the same for both databases; one that was released is never changed.
///
/// Words that differ between the databases stand in braces, see ``SQLDialect/words``. Times are milliseconds since
/// 1970-01-01 00:00:00 UTC.
///
/// The tables under a job have no foreign keys that the database would check for every row: one loader writes them all,
/// in one transaction with the job, and `drover store check` looks for rows without an owner.
enum Schema {
  /// Step n brings a store from version n to n + 1.
  static let steps = [jobs]

  private static let jobs = """
    create table repository (
      id {id},
      name {text} not null unique,
      is_active bigint not null default 1
    );
    create table push (
      id {id},
      repository_id bigint not null references repository (id),
      revision {text} not null,
      revision_hash {text},
      author {text},
      push_time bigint not null,
      unique (repository_id, revision)
    );
    create index push_age on push (push_time);
    create index push_hash on push (repository_id, revision_hash) where revision_hash is not null;
    create index push_order on push (repository_id, id);
    create index push_recent on push (repository_id, push_time, id);
    create table revision (
      push_id bigint not null references push (id),
      position bigint not null,
      revision {text} not null,
      author {text},
      comments {text},
      primary key (push_id, position)
    );

    create table machine (id {id}, name {text} not null unique);
    create table platform (
      id {id},
      os {text} not null,
      platform {text} not null,
      architecture {text} not null,
      unique (os, platform, architecture)
    );
    create table option_collection (id {id}, hash {text} not null, options {text} not null, unique (hash, options));
    create table job_type (id {id}, symbol {text} not null, name {text} not null, unique (symbol, name));
    create table job_group (id {id}, symbol {text} not null unique);
    create table job_group_name (id {id}, name {text} not null unique);
    create table product (id {id}, name {text} not null unique);
    create table build_system (id {id}, name {text} not null unique);
    create table signature (id {id}, hash {text} not null unique);

    create table job (
      id {id},
      guid {text} not null unique,
      task_id {text},
      retry_id bigint,
      push_id bigint not null,
      state bigint not null,
      result {text} not null,
      message_state bigint not null,
      job_type_id bigint not null,
      job_group_id bigint not null,
      build_system_id bigint not null,
      signature_id bigint not null,
      job_group_name_id bigint,
      product_id bigint,
      reason {text},
      who {text},
      tier bigint,
      submit_time bigint,
      start_time bigint,
      end_time bigint,
      build_platform_id bigint,
      machine_platform_id bigint,
      machine_id bigint,
      option_collection_id bigint,
      superseded_by {text},
      provenance bigint not null,
      last_modified bigint not null
    );
    create index job_push on job (push_id, id);
    create index job_submission on job (submit_time);

    create table job_log (
      id {id},
      job_id bigint not null,
      digest bigint not null,
      name {text} not null,
      url {text} not null,
      parse_status bigint not null,
      errors_truncated bigint not null,
      awaits bigint not null default 0,
      lease_end bigint,
      unique (job_id, digest)
    );
    create index job_log_work on job_log (awaits, id) where awaits > 0;
    create table log_step (
      log_id bigint not null,
      position bigint not null,
      name {text} not null,
      result {text} not null,
      started_time bigint,
      finished_time bigint,
      first_line bigint not null,
      last_line bigint not null,
      primary key (log_id, position)
    );
    create table log_error (
      log_id bigint not null,
      step bigint not null,
      position bigint not null,
      line_number bigint,
      line {text} not null,
      primary key (log_id, step, position)
    );
    create table job_detail (
      id {id},
      job_id bigint not null,
      digest bigint not null,
      title {text} not null,
      value {text} not null,
      url {text},
      content_type {text} not null,
      unique (job_id, digest)
    );
    create table artifact (
      id {id},
      job_id bigint not null,
      name {text} not null,
      type {text} not null,
      blob {text} not null,
      message_state bigint not null,
      unique (job_id, name)
    );
    create table supersession (
      guid {text} primary key,
      superseded_by {text} not null,
      noted_time bigint not null
    );
    create index supersession_age on supersession (noted_time);

    create table waiting_job (
      id {id},
      repository {text} not null,
      revision {text} not null,
      guid {text} not null,
      exchange {text} not null,
      routing_key {text} not null,
      received_time bigint not null,
      record {text} not null,
      digest {bytes} not null unique
    );
    create index waiting_job_push on waiting_job (repository, revision);
    create table rejected_message (
      id {id},
      exchange {text} not null,
      routing_key {text} not null,
      received_time bigint not null,
      reasons {text} not null,
      body {bytes} not null,
      digest {bytes} not null unique
    );

    create table binding (
      queue {text} not null,
      exchange {text} not null,
      routing_key {text} not null,
      primary key (queue, exchange, routing_key)
    );
    create table credential (
      id {id},
      client_id {text} not null unique,
      secret {text} not null,
      created_time bigint not null,
      revoked_time bigint
    );
    create table credential_project (
      credential_id bigint not null references credential (id),
      project {text} not null,
      primary key (credential_id, project)
    );
    create table push_change (
      id {id},
      push_id bigint not null,
      repository_id bigint not null
    );
    create table seen_nonce (
      digest {bytes} primary key,
      signed_time bigint not null
    );
    create index seen_nonce_age on seen_nonce (signed_time);
    """
}

extension SQLDialect {
  /// What the words in braces of a schema mean.
  fileprivate var words: [(word: String, meaning: String)] {
    switch self {
    case .sqlite: [("{id}", "integer primary key"), ("{text}", "text"), ("{bytes}", "blob")]
    case .postgreSQL:
      // Byte order: that of SQLite, quicker, and right for prefixes of revisions.
      [
        ("{id}", "bigint generated always as identity primary key"), ("{text}", "text collate \"C\""),
        ("{bytes}", "bytea"),
      ]
    }
  }

  /// A schema's script in this dialect.
  func script(_ template: String) -> String {
    words.reduce(template) { $0.replacing($1.word, with: $1.meaning) }
  }
}
