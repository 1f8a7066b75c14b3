//! What somebody could try on the objects of a schema. The objects are asked of the catalogue, so that a new table, view,
//! function, sequence or type is tried without a word here.

use sqlx::{Connection, PgConnection};

use crate::world::{World, code, execute};

/// SQLSTATE `insufficient_privilege`.
pub(crate) const REFUSED: &str = "42501";

/// An object of a schema.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    kind: String,
    /// Qualified and quoted; for a function with arguments: nulls of the right types.
    pub(crate) name: String,
    /// Without its schema.
    pub(crate) bare: String,
    oid: String,
    /// A column, for tables.
    column: String,
}

/// Everything in the schema that has a name. Fails when there is no table: nothing would be tried.
pub(crate) async fn objects(world: &World, schema: &str) -> Vec<Object> {
    let sql = format!(
        "select case when relkind = 'S' then 'sequence' else 'table' end, quote_ident(relname), c.oid,
                coalesce((select quote_ident(attname) from pg_attribute
                          where attrelid = c.oid and attnum > 0 and not attisdropped order by attnum limit 1), '')
         from pg_class c where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
         union all
         select case when prokind = 'p' then 'procedure' when prorettype = 'trigger'::regtype then 'trigger'
                     else 'function' end,
                quote_ident(proname) || '(' || coalesce(
                    (select string_agg('null::' || format_type(t, null), ', ' order by place)
                     from unnest(proargtypes::oid[]) with ordinality as argument (t, place)), '') || ')', oid, ''
         from pg_proc where pronamespace = '{schema}'::regnamespace
         union all
         select 'type', quote_ident(typname), oid, '' from pg_type
         where typnamespace = '{schema}'::regnamespace and typelem = 0 order by 1, 2"
    );
    let listed = world.superuser(&sql).await;
    let objects: Vec<Object> = listed.lines().map(|line| object(schema, line)).collect();
    assert!(objects.iter().any(Object::is_table), "{schema} has no table");
    objects
}

fn object(schema: &str, line: &str) -> Object {
    let [kind, bare, oid, column] = line.split('|').collect::<Vec<_>>()[..] else {
        panic!("{line}");
    };
    Object {
        kind: kind.to_owned(),
        name: format!("{schema}.{bare}"),
        bare: bare.to_owned(),
        oid: oid.to_owned(),
        column: column.to_owned(),
    }
}

impl Object {
    pub(crate) fn is_table(&self) -> bool {
        self.kind == "table"
    }

    pub(crate) fn is_type(&self) -> bool {
        self.kind == "type"
    }

    /// Statements that would read, change, join, call or rebuild it.
    pub(crate) fn attempts(&self) -> Vec<String> {
        let Self {
            name, oid, column, ..
        } = self;
        let patterns = match self.kind.as_str() {
            "table" => TABLE,
            "sequence" => SEQUENCE,
            "function" => FUNCTION,
            "trigger" => TRIGGER,
            "procedure" => PROCEDURE,
            _ => TYPE,
        };
        let signature = name.split('(').next().unwrap_or_default();
        let fill = |pattern: &&str| {
            pattern
                .replace("{o}", name)
                .replace("{oid}", oid)
                .replace("{column}", column)
                .replace("{signature}", signature)
        };
        patterns.iter().map(fill).collect()
    }
}

const TABLE: &[&str] = &[
    "select * from {o}",
    "select count(*) from {o}",
    "select 1 from {o} limit 0",
    "table {o}",
    "select mine.id from tenant_rhone.inquiry mine join {o} theirs on true",
    "select mine.id from tenant_rhone.inquiry mine where exists (select from {o})",
    "select id, (select count(*) from {o}) from tenant_rhone.inquiry",
    "with theirs as (select count(*) from {o}) select * from theirs",
    "with gone as (delete from {o} returning 1) select count(*) from gone",
    "select id from tenant_rhone.inquiry union all select null from {o}",
    "insert into {o} default values",
    "insert into tenant_rhone.kit_file (name, bytes) select 'x', 'x' from {o}",
    "update {o} set {column} = {column}",
    "delete from {o}",
    "delete from tenant_rhone.kit_file using {o}",
    "truncate {o}",
    "lock table {o} in access share mode",
    "copy {o} to stdout",
    "copy (select * from {o}) to stdout",
    "copy {o} from stdin",
    "explain select * from {o}",
    "prepare theirs as select * from {o}",
    "declare theirs cursor with hold for select * from {o}",
    "do $$ begin perform 1 from {o}; end $$",
    "select * into temporary taken from {o}",
    "create temporary view taken as select * from {o}",
    "select '{o}'::regclass",
    "select pg_relation_size('{o}')",
    "analyze {o}",
    "alter table {o} disable trigger all",
    "alter table {o} owner to current_user",
    "create index on {o} ({column})",
    "grant select on {o} to current_user",
    "comment on table {o} is 'x'",
    "drop table {o}",
];

const SEQUENCE: &[&str] = &[
    "select nextval('{o}')",
    "select setval('{o}', 1)",
    "select currval('{o}')",
    "select last_value from {o}",
    // Without the schema's name nothing but the sequence's own rights is in the way.
    "select nextval({oid}::oid::regclass)",
    "select setval({oid}::oid::regclass, 1)",
    "alter sequence {o} restart",
    "drop sequence {o}",
];

const FUNCTION: &[&str] = &[
    "select {o}",
    "select * from {o}",
    "select id, {o} from tenant_rhone.inquiry",
    "do $$ begin perform {o}; end $$",
    "drop function {signature}",
];

/// Nobody calls the function of a trigger in `from`: PostgreSQL says so before it looks at rights.
const TRIGGER: &[&str] = &[
    "select {o}",
    "do $$ begin perform {o}; end $$",
    "drop function {signature}",
];

const PROCEDURE: &[&str] = &["call {o}", "drop procedure {signature}"];

const TYPE: &[&str] = &["select null::{o}", "create temporary table taken (it {o})"];

/// What somebody could try on a schema as such.
pub(crate) fn on_schema(schema: &str) -> Vec<String> {
    [
        "create table {s}.more (id int)",
        "create function {s}.more() returns int language sql as 'select 1'",
        "create type {s}.more as enum ('x')",
        "grant usage on schema {s} to current_user",
        "alter schema {s} rename to taken",
        "drop schema {s} cascade",
        "select '{s}.inquiry'::regclass",
    ]
    .map(|pattern| pattern.replace("{s}", schema))
    .to_vec()
}

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// The login, before any role is assumed.
    Login,
    /// A département, as `TenantTx` makes one.
    Department(&'static str),
    /// What every département is a member of.
    Group,
}

/// Becomes the département's role as `TenantTx` does.
pub(crate) async fn assume(connection: &mut PgConnection, department: &str) {
    sqlx::query("select set_config('role', $1, true), set_config('search_path', $2, true)")
        .bind(format!("dn_tenant_{department}"))
        .bind(format!("tenant_{department}, pg_temp"))
        .execute(connection)
        .await
        .unwrap();
}

/// Tries everything, each in a savepoint of its own; returns what PostgreSQL did not refuse, with what it said.
pub(crate) async fn not_refused(connection: &mut PgConnection, who: As, attempts: &[String]) -> Vec<String> {
    let mut tx = connection.begin().await.unwrap();
    match who {
        As::Login => {}
        As::Department(department) => assume(&mut tx, department).await,
        As::Group => drop(execute(&mut tx, "set local role dn_tenants").await.unwrap()),
    }
    let mut found = Vec::new();
    for attempt in attempts {
        let mut point = tx.begin().await.unwrap();
        let answer = code(execute(&mut point, attempt).await);
        point.rollback().await.unwrap();
        if answer != REFUSED {
            found.push(format!("{who:?}: {attempt}: {answer}"));
        }
    }
    tx.rollback().await.unwrap();
    found
}
