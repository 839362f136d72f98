"""Writes SQL that fills a store up by copies of the jobs that it has, with guids of their own.

multiply_store.py sqlite|postgresql JOBS COPIES

JOBS is how many jobs the store has. The guids are random, so that they lie all over their index as real ones do.
"""
import sys

dialect, jobs, copies = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
# The columns that hold an id of the table's own, or of a job; the others are copied.
TABLES = {
    "job": (
        "guid task_id retry_id push_id state result message_state job_type_id job_group_id build_system_id signature_id "
        "job_group_name_id product_id reason who tier submit_time start_time end_time build_platform_id "
        "machine_platform_id machine_id option_collection_id superseded_by provenance last_modified").split(),
    "job_log": "job_id digest name url parse_status errors_truncated awaits".split(),
    "job_detail": "job_id digest title value url content_type".split(),
}
random_guid = {
    "sqlite": "lower(hex(randomblob(16))) || '/0'",
    "postgresql": "md5(random()::text || id) || '/0'",
}[dialect]
overriding = "overriding system value " if dialect == "postgresql" else ""

for table in TABLES:
    print(f"create temp table size_of_{table} as select max(id) as size from {table};")
for copy in range(1, copies + 1):
    print("begin;")
    for table, columns in TABLES.items():
        values = []
        for column in columns:
            if column == "guid":
                values.append(random_guid)
            elif column == "job_id":
                values.append(f"job_id + {copy} * (select size from size_of_job)")
            else:
                values.append(column)
        size = f"(select size from size_of_{table})"
        print(
            f"insert into {table} (id, {', '.join(columns)}) {overriding}"
            f"select id + {copy} * {size}, {', '.join(values)} from {table} where id <= {size};")
    print("commit;")
if dialect == "postgresql":
    for table in TABLES:
        print(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}));")
    print("vacuum analyze;")
else:
    print("analyze; pragma wal_checkpoint(truncate);")
