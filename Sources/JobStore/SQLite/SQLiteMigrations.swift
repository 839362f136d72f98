import GRDB

/// The steps that a database's schema went through; one that was released is never changed.
enum SQLiteMigrations {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 the way in") { try $0.execute(sql: theWayIn) }
    return migrator
  }

  private static let theWayIn = """
    create table repository (
      id integer primary key,
      name text not null unique
    );
    create table push (
      id integer primary key,
      repository_id integer not null references repository,
      revision text not null,
      created_time integer not null,
      unique (repository_id, revision)
    );
    create table job (
      id integer primary key,
      guid text not null unique,
      task_id text,
      retry_id integer,
      push_id integer not null references push,
      state integer not null,
      result text not null,
      name text not null,
      symbol text not null,
      group_symbol text not null,
      build_system text not null,
      signature text not null,
      group_name text,
      product text,
      reason text,
      who text,
      tier integer,
      submit_time integer,
      start_time integer,
      end_time integer,
      build_os text,
      build_platform text,
      build_architecture text,
      machine_os text,
      machine_platform text,
      machine_architecture text,
      machine text,
      options text,
      option_hash text,
      superseded_by text,
      provenance integer not null,
      last_modified integer not null
    );
    create index job_push on job (push_id, state, result);
    create table job_log (
      id integer primary key,
      job_id integer not null references job,
      name text not null,
      url text not null,
      parse_status integer not null,
      errors_truncated integer not null,
      unique (job_id, name, url)
    );
    create table log_step (
      id integer primary key,
      log_id integer not null references job_log,
      position integer not null,
      name text not null,
      result text not null,
      started_time integer,
      finished_time integer,
      first_line integer not null,
      last_line integer not null,
      unique (log_id, position)
    );
    create table log_error (
      id integer primary key,
      step_id integer not null references log_step,
      line_number integer,
      line text not null
    );
    create index log_error_step on log_error (step_id);
    create table job_detail (
      id integer primary key,
      job_id integer not null references job,
      title text not null,
      value text not null,
      url text not null,
      content_type text not null,
      unique (job_id, title, value, url)
    );
    create table artifact (
      id integer primary key,
      job_id integer not null references job,
      name text not null,
      type text not null,
      blob text not null,
      state integer not null,
      unique (job_id, name)
    );
    create table supersession (
      guid text primary key,
      superseded_by text not null
    ) without rowid;
    create table waiting_job (
      id integer primary key,
      repository text not null,
      revision text not null,
      guid text not null,
      exchange text not null,
      routing_key text not null,
      received_time integer not null,
      record text not null,
      unique (guid, record)
    );
    create index waiting_job_push on waiting_job (repository, revision);
    create table rejected_message (
      id integer primary key,
      exchange text not null,
      routing_key text not null,
      received_time integer not null,
      reasons text not null,
      digest blob not null unique,
      body blob not null
    );
    create table binding (
      queue text not null,
      exchange text not null,
      routing_key text not null,
      primary key (queue, exchange, routing_key)
    ) without rowid;
    """
}
