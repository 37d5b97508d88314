/** What hygge reads from PostgreSQL’s catalogue about a destination table, and what a replacement of that table takes over. */
import {
  type Catalog,
  type Dependent,
  type TableRight,
  type TargetColumn,
  type TargetKey,
  tableRights,
} from '../../engine/contracts/catalog.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { Column } from '../../frames/schema.ts';
import type { Session } from '../engine.ts';
import { dependentsFrom, keysFrom, missingRight } from '../sql/catalog-rows.ts';
import type { InspectedDestination, TableName, TriggerEvent, TriggerSide } from '../writes.ts';
import { notTable } from '../writing-errors.ts';
import { holds, lengthOf } from './columns.ts';
import { quoteName, quoteText } from './dialect.ts';

interface FoundTable {
  readonly oid: string;
  readonly kind: string;
  readonly bytes: string;
  readonly rows: string;
  /** A partition or child that is a foreign table. `detached` is the statement that detaches it. */
  readonly far: string | null;
  readonly detached: string | null;
}

const named = ({ schema, name }: TableName) => `${quoteName(schema)}.${quoteName(name)}`;
const kinds: Readonly<Record<string, string>> = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  i: 'an index',
  c: 'a type',
};

export async function tablesIn(session: Session, schema: string): Promise<ReadonlySet<string> | null> {
  const rows = await session.query(
    `select c.relname as name from pg_catalog.pg_namespace n
    left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') where n.nspname = $1`,
    [schema],
  );
  return rows.length === 0 ? null : new Set(rows.flatMap(({ name }) => (name == null ? [] : [name])));
}

export async function schemasWithAll(session: Session, tables: readonly string[]): Promise<readonly string[]> {
  const rows = await session.query(
    `select n.nspname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname in (${tables.map(quoteText).join(', ')}) and c.relkind in ('r', 'p') and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      and pg_catalog.has_table_privilege(c.oid, 'SELECT') group by n.nspname having count(*) = ${tables.length} order by 1`,
  );
  return rows.map(({ name }) => name ?? '');
}

export function columns(session: Session, { schema, name }: TableName): Promise<readonly TargetColumn[] | null> {
  return columnsOf(session, 'n.nspname = $1 and c.relname = $2', [schema, name]);
}

export async function destination(session: Session, table: TableName): Promise<InspectedDestination | null> {
  const [found] = (await session.query(
    `with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2),
    below(oid, above) as (select i.inhrelid, i.inhparent from pg_catalog.pg_inherits i join c on i.inhparent = c.oid
      union select i.inhrelid, i.inhparent from pg_catalog.pg_inherits i join below b on i.inhparent = b.oid),
    far as (select f.oid::pg_catalog.regclass::text as far, pg_catalog.format(case f.relispartition when true then 'alter table %2$s detach partition %1$s'
      else 'alter table %1$s no inherit %2$s' end, f.oid::pg_catalog.regclass, b.above::pg_catalog.regclass) as detached
      from below b join pg_catalog.pg_class f on f.oid = b.oid where f.relkind = 'f' order by 1 limit 1)
    select c.oid::text as oid, c.relkind::text as kind, pg_catalog.pg_total_relation_size(c.oid)::text as bytes,
      (select pg_catalog.sum(pg_catalog.pg_stat_get_live_tuples(a.oid)) from (select oid from c union select oid from below) a)::text as rows, far.far, far.detached from c left join far on true`,
    [table.schema, table.name],
  )) as unknown as readonly FoundTable[];
  if (found === undefined) return null;
  if (found.kind !== 'r' && found.kind !== 'p') throw notTable(`${table.schema}.${table.name}`, kinds[found.kind] ?? 'no table');
  if (found.far !== null) throw partlyElsewhere(table, found);
  const { owner, ...held } = await rightsOf(session, found.oid);
  const catalog: Catalog = {
    columns: (await columnsOf(session, 'c.oid = $1::pg_catalog.oid', [found.oid])) ?? [],
    keys: await keysOf(session, found.oid),
    dependents: [...(await dependentsOf(session, found.oid)), ...owner],
    ...held,
  };
  return { catalog, bytes: Number(found.bytes), rows: Number(found.rows) };
}

function partlyElsewhere({ schema, name }: TableName, { far, detached }: Pick<FoundTable, 'far' | 'detached'>): StoreError {
  return new StoreError({
    code: 'HYG-4281',
    what: `${far}, a part of ${schema}.${name}, is on another server.`,
    why: ['Rows on the other server commit separately, before the other rows. After a crash in between, rows would settle twice.'],
    tryThis: ['Let rows settle in a table that is completely in one database: store: { table: … }', `Or detach that part: ${detached}`],
  });
}

/** @param which a condition on the table, which is called `c`. */
async function columnsOf(session: Session, which: string, values: readonly string[]): Promise<readonly TargetColumn[] | null> {
  const rows = await session.query(
    `select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull::text as required,
      case when a.attidentity = 'a' then 'identity' when a.attidentity = 'd' then 'counter' when a.attgenerated <> '' then 'generated' else 'by rows' end as filled,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) as given, l.collname as collation, l.collisdeterministic::text as exact
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation l on l.oid = a.attcollation and l.collname <> 'default'
    where c.relkind in ('r', 'p') and ${which} order by a.attnum`,
    values,
  );
  if (rows.length === 0) return null;
  // A table without columns has one row whose name is null.
  const columns = rows.filter(({ name }) => name != null);
  return columns.map(({ name, type, required, filled, given, collation, exact }): TargetColumn => {
    const declaration = type ?? '';
    return {
      name: name ?? '',
      type: declaration,
      holds: holds(declaration) ?? null,
      nullable: required !== 'true',
      default: filled === 'by rows' ? (given ?? null) : null,
      filled: filled as TargetColumn['filled'],
      length: lengthOf(declaration),
      collation: collation ?? null,
      ...(exact === 'false' ? { isLoose: true } : {}),
    };
  });
}

async function keysOf(session: Session, oid: string): Promise<readonly TargetKey[]> {
  const rows = await session.query(
    `select c.relname as name, i.indisprimary::text as "primary", a.attname as column
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    cross join lateral pg_catalog.unnest(i.indkey) with ordinality as k(attnum, place)
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = $1::pg_catalog.oid and i.indisunique and i.indpred is null and i.indexprs is null and k.place <= i.indnkeyatts
    order by c.relname, k.place`,
    [oid],
  );
  return keysFrom(rows, ({ primary }) => primary === 'true');
}

export async function leadingColumns(session: Session, { schema, name }: TableName): Promise<ReadonlySet<string>> {
  const rows = await session.query(
    `select a.attname as name from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where n.nspname = $1 and c.relname = $2 and i.indisvalid and i.indpred is null`,
    [schema, name],
  );
  return new Set(rows.map((row) => row.name ?? ''));
}

/** Kinds of dependents that are settings of the table itself, so no statement drops them. */
const settings = ['partitioning', 'tablespace', 'unlogged table', 'column settings', 'owner'];

/** Dependents of two kinds: objects that would stay with the old table if another table took its place, and objects that prevent altering a column. What `carryOverStatements` moves is left out. */
async function dependentsOf(session: Session, oid: string): Promise<readonly Dependent[]> {
  const rows = await session.query(
    `with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid)
    select case v.relkind when 'm' then 'materialized view' when 'v' then 'view' else 'rule' end as kind, v.oid::regclass::text as name, a.attname as column, 'f' as holds
      from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_class v on v.oid = r.ev_class join t on d.refobjid = t.oid
      left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid and d.refobjsubid > 0
      where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and v.oid <> t.oid
    union all select 'rule', r.rulename::text, null, 'f' from pg_catalog.pg_rewrite r join t on r.ev_class = t.oid
    union all select 'foreign key', c.conname || ' of ' || c.conrelid::regclass::text, a.attname, case when c.confdeltype in ('c', 'n', 'd') then 'passes on' else 't' end
      from pg_catalog.pg_constraint c join t on c.confrelid = t.oid
      join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = any (c.confkey) where c.contype = 'f' and c.conrelid <> t.oid
    union all select 'foreign key', c.conname || ' of itself', null, 'within' from pg_catalog.pg_constraint c join t on c.confrelid = t.oid
      where c.contype = 'f' and c.conrelid = t.oid and c.confdeltype in ('c', 'n', 'd')
    union all select 'trigger', g.tgname::text, null, 'f' from pg_catalog.pg_trigger g join t on g.tgrelid = t.oid where not g.tgisinternal
    union all select 'policy', p.polname::text, null, 'f' from pg_catalog.pg_policy p join t on p.polrelid = t.oid
    union all select 'row security', relname::text, null, 'f' from t where relrowsecurity
    union all select 'publication', p.pubname::text, null, 'f' from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid join t on r.prrelid = t.oid
    union all select 'parent', i.inhparent::regclass::text, null, 'f' from pg_catalog.pg_inherits i join t on i.inhrelid = t.oid
    union all select 'partition or child', i.inhrelid::regclass::text, null, 'f' from pg_catalog.pg_inherits i join t on i.inhparent = t.oid
    union all select 'partitioning', relname::text, null, 'f' from t where relkind = 'p'
    union all select 'statistics', s.stxname::text, null, 'f' from pg_catalog.pg_statistic_ext s join t on s.stxrelid = t.oid
    union all select 'security label', l.provider, null, 'f' from pg_catalog.pg_seclabel l join t on l.objoid = t.oid and l.classoid = 'pg_catalog.pg_class'::regclass
    union all select 'sequence', d.objid::regclass::text, null, 'f' from pg_catalog.pg_depend d join t on d.refobjid = t.oid join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid = 0
    union all select 'use of its row type', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), null, 'f' from pg_catalog.pg_depend d join t on d.deptype = 'n'
      and d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid in (t.reltype, (select y.typarray from pg_catalog.pg_type y where y.oid = t.reltype))
    union all select 'use', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), null, 'f' from pg_catalog.pg_depend d join t on d.refobjid = t.oid and d.deptype = 'n'
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.classid not in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_constraint'::regclass)
    union all select 'replica identity', relname::text, null, 'f' from t where relreplident <> 'd'
    union all select 'tablespace', relname::text, null, 'f' from t where reltablespace <> 0
    union all select 'unlogged table', relname::text, null, 'f' from t where relpersistence <> 'p'
    union all select 'clustered index', i.indexrelid::regclass::text, null, 'f' from pg_catalog.pg_index i join t on i.indrelid = t.oid where i.indisclustered
    union all select 'column settings', a.attname::text, null, 'f' from pg_catalog.pg_attribute a join pg_catalog.pg_type y on y.oid = a.atttypid join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and (a.attstorage <> y.typstorage or a.attoptions is not null or coalesce(a.attstattarget, -1) >= 0 or a.attcompression <> '' or a.attcollation <> y.typcollation)
    union all select 'owner', relowner::regrole::text, null, 'f' from t where relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
      and not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) and pg_catalog.pg_has_role(relowner, 'USAGE') and not pg_catalog.has_schema_privilege(relowner, relnamespace, 'CREATE')
    order by 1, 2, 3`,
    [oid],
  );
  return dependentsFrom(rows, settings, ({ holds: reach }) => ({
    ...(reach === 'within' ? { columns: [], staysWithOld: false } : {}),
    ...(reach === 't' || reach === 'passes on' ? { holdsRows: true } : {}),
    ...(reach === 'within' || reach === 'passes on' ? { passesOn: true } : {}),
  }));
}

/**
 * Triggers of the table and its partitions, and rules of the table, if they are enabled for this session. A trigger before each row may skip rows, which the
 * statement’s count shows, or alter rows. Any other trigger may remove written rows. A rule without a condition runs instead of the statement, so the count is
 * that of the rule.
 */
const acting = `with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid
    union select i.inhrelid from pg_catalog.pg_inherits i join below b on i.inhparent = b.oid join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition),
  enabled(mode) as (select case pg_catalog.current_setting('session_replication_role') when 'replica' then array['R', 'A'] else array['O', 'A'] end)
  select distinct 'trigger ' || t.tgname as name, pg_catalog.concat_ws(' ', case when t.tgtype & 4 > 0 then 'insert' end, case when t.tgtype & 16 > 0 then 'update' end,
    case when t.tgtype & 8 > 0 then 'delete' end) as events, (t.tgtype & 3 <> 3)::text as takes, null as off
  from below join pg_catalog.pg_trigger t on t.tgrelid = below.oid cross join enabled where not t.tgisinternal and t.tgenabled = any (enabled.mode)
  union all select 'rule ' || r.rulename, case r.ev_type when '3' then 'insert' when '2' then 'update' else 'delete' end, 'true',
    case when r.is_instead and r.ev_qual::text = '<>' then pg_catalog.format('alter table %s disable rule %I', $1::pg_catalog.regclass, r.rulename) end
  from pg_catalog.pg_rewrite r cross join enabled where r.ev_class = $1::pg_catalog.regclass and r.ev_type in ('2', '3', '4') and r.ev_enabled = any (enabled.mode)
  order by 1`;

/** Whether the table has anything that the query below finds. For a small table, planning that query takes the server longer than everything else. */
const hasPut = `select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or exists (select from pg_catalog.pg_policy where polrelid = c.oid)
    or exists (select from pg_catalog.pg_publication_rel where prrelid = c.oid))::text as put from pg_catalog.pg_class c where c.oid = $1::pg_catalog.regclass`;

/** What people have put on the table, as statements that remove it and statements that restore it. Triggers come last, because an event trigger may add them again after ALTER TABLE. Triggers are restored as they were, and never disabled, since that would be another ALTER TABLE. */
const put = `with t as (select c.*, pg_catalog.format('%s', c.oid::pg_catalog.regclass) as quoted from pg_catalog.pg_class c where c.oid = $1::pg_catalog.regclass)
  select 1 as place, pg_catalog.format('alter table %s disable row level security, no force row level security', quoted) as gone, null as anew
    from t where relrowsecurity or relforcerowsecurity
  union all select 2, pg_catalog.format('drop policy %I on %s', p.polname, t.quoted), null from pg_catalog.pg_policy p join t on p.polrelid = t.oid
  union all select 3, null, null from pg_catalog.pg_publication_rel r join t on r.prrelid = t.oid
  union all select 4, pg_catalog.format('drop rule %I on %s', r.rulename, t.quoted), pg_catalog.pg_get_ruledef(r.oid) || case r.ev_enabled when 'O' then ''
      else pg_catalog.format(' alter table %s %s rule %I', t.quoted, ${modeOf('r.ev_enabled')}, r.rulename) end
    from pg_catalog.pg_rewrite r join t on r.ev_class = t.oid
  union all select 5, pg_catalog.format('drop trigger %I on %s', g.tgname, t.quoted), pg_catalog.pg_get_triggerdef(g.oid) || case g.tgenabled when 'O' then ''
      else pg_catalog.format('; alter table %s %s trigger %I', t.quoted, ${modeOf('g.tgenabled')}, g.tgname) end
    from pg_catalog.pg_trigger g join t on g.tgrelid = t.oid where not g.tgisinternal
  order by 1`;

function modeOf(enabled: string): string {
  return `case ${enabled} when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end`;
}

export const triggerSide: TriggerSide = {
  async activeTriggers(session, table) {
    const rows = await session.query(acting, [named(table)]);
    return rows.map(({ name, events, takes, off }) => ({
      ...{ name: name ?? '', events: (events ?? '').split(' ') as readonly TriggerEvent[], mayRemoveRows: takes === 'true' },
      ...(off == null ? {} : { ruleTurnedOffBy: off }),
    }));
  },
  lockStatements: (table) => [`lock table ${table} in share row exclusive mode`],
  async ddlTriggers(session, table) {
    const [found] = await session.query(hasPut, [named(table)]);
    if (found?.put === 'false') return [];
    const rows = await session.query(put, [named(table)]);
    return rows.map(({ gone, anew }) => ({ drop: gone ?? null, disable: anew == null ? null : (gone ?? null), enable: anew ?? null }));
  },
};

async function rightsOf(
  session: Session,
  oid: string,
): Promise<Required<Pick<Catalog, 'rights' | 'grants'>> & { readonly owner: readonly Dependent[] }> {
  const [row = {}] = await session.query(
    `select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catalog.pg_has_role(relowner, 'USAGE')::text as alter,
      pg_catalog.has_table_privilege(oid, 'INSERT')::text as insert, pg_catalog.has_table_privilege(oid, 'UPDATE')::text as update,
      pg_catalog.has_table_privilege(oid, 'DELETE')::text as delete, pg_catalog.pg_has_role(relowner, 'USAGE')::text as drop,
      relowner::pg_catalog.regrole::text as owner, pg_catalog.quote_ident(current_user) as me,
      pg_catalog.format('%s', relnamespace::pg_catalog.regnamespace) as schema,
      pg_catalog.format('%s.%I', relnamespace::pg_catalog.regnamespace, relname) as quoted
    from pg_catalog.pg_class where oid = $1::pg_catalog.oid`,
    [oid],
  );
  const { owner, me, schema, quoted } = row;
  const member = `grant ${owner} to ${me}`;
  const create = `grant create on schema ${schema} to ${me}`;
  const onRows = (right: TableRight) => [right, `grant ${right} on ${quoted} to ${me}`] as const;
  const isOwners = missingRight('owner', `${owner}, whose tables ${me} may not rename`, member);
  const isClosed = missingRight('schema', `${schema}, in which ${me} may make no table`, create);
  return {
    rights: Object.fromEntries(tableRights.map((right) => [right, row[right] === 'true'])),
    grants: { create, alter: member, drop: member, ...Object.fromEntries((['insert', 'update', 'delete'] as const).map(onRows)) },
    owner: [...(row.alter === 'true' ? [] : [isOwners]), ...(row.create === 'true' ? [] : [isClosed])],
  };
}

/**
 * Whether a new table would have only what hygge declares. A DDL trigger may add anything to a new table, and default privileges grant rights on it. From
 * version 18 on, a NOT NULL constraint is named after the table that it was made with.
 */
export async function makesPlainTables(session: Session, { schema }: TableName, columns: readonly Column[]): Promise<boolean> {
  const [found] = await session.query(
    `select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and not exists (select from pg_catalog.pg_default_acl where defaclobjtype = 'r')
      and exists (select from pg_catalog.pg_namespace where nspname = $1))::text as plain, pg_catalog.current_setting('server_version_num') as version`,
    [schema],
  );
  return found?.plain === 'true' && (Number(found.version) < 180_000 || columns.every(({ nullable }) => nullable));
}

/** Statements that give a new table the properties of the old table. The statements use the destination’s name, which the new table has when they run. A constraint that is NOT VALID in the old table applies to all rows of the new table. @param columns the columns of the new table. */
export async function carriedOver(session: Session, table: TableName, columns: readonly string[]): Promise<readonly string[]> {
  const target = quoteText(named(table));
  const kept = `array[${columns.map((name) => quoteText(name)).join(', ')}]::text[]`;
  const rows = await session.query(
    `with t as (select * from pg_catalog.pg_class where oid = ${target}::regclass),
    a as (select a.*, pg_catalog.format('%I', a.attname) as quoted from pg_catalog.pg_attribute a join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and a.attname = any (${kept})),
    c as (select c.* from pg_catalog.pg_constraint c join t on c.conrelid = t.oid where c.contype in ('p', 'u', 'c', 'f', 'x')),
    i as (select i.*, x.relname, n.nspname from pg_catalog.pg_index i join t on i.indrelid = t.oid join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = x.relnamespace
      where i.indisvalid and not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')))
    select 1 as place, '' as name, pg_catalog.format('alter table %s set (%s)', ${target}, pg_catalog.array_to_string(reloptions, ', ')) as statement from t where reloptions is not null
    union all select 2, a.attname::text, pg_catalog.format('alter table %s alter column %s set default %s', ${target}, a.quoted, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      from a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attgenerated = '' and a.attidentity = ''
    union all select 3, i.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid) from i
    union all select case c.contype when 'p' then 4 when 'u' then 5 else 6 end, c.conname::text,
      pg_catalog.format('alter table %s add constraint %I %s', ${target}, c.conname, pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID$', '')) from c
    union all select 6, '', pg_catalog.format(${quoteText(notNullsNamed(target))}, pg_catalog.string_agg(pg_catalog.format('(%L, %L)', a.attname, n.conname), ', '))
      from pg_catalog.pg_constraint n join t on n.conrelid = t.oid join a on a.attnum = n.conkey[1] where n.contype = 'n'
      and pg_catalog.has_language_privilege('plpgsql', 'USAGE') having pg_catalog.count(*) > 0
    union all select 7, '', pg_catalog.format('comment on table %s is %L', ${target}, pg_catalog.obj_description(t.oid, 'pg_class')) from t
      where pg_catalog.obj_description(t.oid, 'pg_class') is not null
    union all select 7, a.attname::text, pg_catalog.format('comment on column %s.%s is %L', ${target}, a.quoted, pg_catalog.col_description(a.attrelid, a.attnum))
      from a where pg_catalog.col_description(a.attrelid, a.attnum) is not null
    union all select 7, i.relname::text, pg_catalog.format('comment on index %I.%I is %L', i.nspname, i.relname, pg_catalog.obj_description(i.indexrelid, 'pg_class')) from i
      where pg_catalog.obj_description(i.indexrelid, 'pg_class') is not null
    union all select 7, c.conname::text, pg_catalog.format('comment on constraint %I on %s is %L', c.conname, ${target}, pg_catalog.obj_description(c.oid, 'pg_constraint')) from c
      where pg_catalog.obj_description(c.oid, 'pg_constraint') is not null
    union all select 9, pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s on %s to %s%s', e.privilege_type, ${target},
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from t cross join lateral pg_catalog.aclexplode(t.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 10, a.attname || pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s (%s) on %s to %s%s', e.privilege_type, a.quoted, ${target},
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from a cross join t cross join lateral pg_catalog.aclexplode(a.attacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 11, '', pg_catalog.format('alter table %s owner to %s', ${target}, t.relowner::regrole::text) from t
      where t.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
    order by 1, 2`,
  );
  const statements = rows.map(({ place, statement }) => ({ place: Number(place), statement: statement ?? '' }));
  const before = statements.filter(({ place }) => place < 9).map(({ statement }) => statement);
  const after = statements.filter(({ place }) => place >= 9).map(({ statement }) => statement);
  const sequences = await sequencesOf(session, table, columns);
  const [anew, lasting] = [sequences.filter(({ isIdentity }) => isIdentity), sequences.filter(({ isIdentity }) => !isIdentity)];
  const made: string[] = [];
  for (const one of anew) made.push(...(await identityOf(session, table, one)));
  const granted = anew.flatMap(({ name, grants }) => [withoutGrants(quoteText(name), 'sequence '), ...grants]);
  return [
    ...before,
    ...made,
    withoutGrants(target),
    ...granted,
    ...after,
    // A sequence can belong to a table only if the sequence and the table have the same owner. From here on, they have.
    ...lasting.map(({ name, column }) => `alter sequence ${name} owned by ${named(table)}.${quoteName(column)}`),
  ];
}

/** Sequences that belong to the old table, but that defaults of the new table use. */
export async function released(session: Session, table: TableName, columns: readonly string[]): Promise<readonly string[]> {
  const sequences = await sequencesOf(session, table, columns);
  return sequences.filter(({ isIdentity }) => !isIdentity).map(({ name }) => `alter sequence ${name} owned by none`);
}

/** A sequence that belongs to a column. */
interface Sequence {
  /** The name of the sequence in quotes. */
  readonly name: string;
  readonly column: string;
  /** The sequence is an identity, which can’t exist without its column. So another sequence takes its place. */
  readonly isIdentity: boolean;
  /** The declaration of an identity: `generated by default as identity (…)`. */
  readonly declared: string;
  readonly comment: string | null;
  readonly grants: readonly string[];
}

async function sequencesOf(session: Session, table: TableName, columns: readonly string[]): Promise<readonly Sequence[]> {
  const rows = await session.query(
    `select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.deptype = 'i')::text as identity,
      pg_catalog.format('generated %s as identity (sequence name %I.%I increment by %s minvalue %s maxvalue %s start with %s cache %s%s)',
        case a.attidentity when 'a' then 'always' else 'by default' end, n.nspname, x.relname, q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
        case when q.seqcycle then ' cycle' else '' end) as declared,
      pg_catalog.quote_literal(pg_catalog.obj_description(x.oid, 'pg_class')) as comment,
      (select pg_catalog.json_agg(pg_catalog.format('grant %s on sequence %I.%I to %s%s', e.privilege_type, n.nspname, x.relname,
        case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end) order by e.place)
        from pg_catalog.aclexplode(x.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> x.relowner)::text as grants
    from pg_catalog.pg_depend d join pg_catalog.pg_class x on x.oid = d.objid and x.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = x.relnamespace
    join pg_catalog.pg_sequence q on q.seqrelid = x.oid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = ${quoteText(named(table))}::regclass
      and d.deptype in ('a', 'i') and a.attname = any (array[${columns.map((name) => quoteText(name)).join(', ')}]::text[]) order by 1`,
  );
  return rows.map(({ name, column, identity, declared, comment, grants }) => ({
    ...{ name: name ?? '', column: column ?? '', isIdentity: identity === 'true', declared: declared ?? '', comment: comment ?? null },
    grants: JSON.parse(grants ?? '[]') as readonly string[],
  }));
}

/** Statements that let the identity of the new table continue after the old table’s last number, so that no number is used twice. */
async function identityOf(session: Session, table: TableName, { name, column, declared, comment }: Sequence): Promise<readonly string[]> {
  const [at] = await session.query(`select last_value::text as last, is_called::text as called from ${name}`);
  const alters = `alter table ${named(table)} alter column ${quoteName(column)}`;
  return [
    `${alters} set not null`,
    `${alters} add ${declared}`,
    `select pg_catalog.setval(${quoteText(name)}::regclass, ${at?.last}, ${at?.called})`,
    ...(comment === null ? [] : [`comment on sequence ${name} is ${comment}`]),
  ];
}

/** Renames the NOT NULL constraints of a new table. From version 18 on, such constraints have names. While the old table exists, it uses the wanted names, so the new table’s constraints are made under other names. */
function notNullsNamed(target: string): string {
  return `do $hygge$ declare n record; begin
    for n in select c.conname, w.name from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join (values %s) as w(of, name) on w.of = a.attname where c.conrelid = ${target}::regclass and c.contype = 'n' and c.conname <> w.name
    loop execute pg_catalog.format('alter table %%s rename constraint %%I to %%I', ${target}, n.conname, n.name); end loop; end $hygge$`;
}

/** A statement that revokes what default privileges granted on the table. */
function withoutGrants(target: string, kind = ''): string {
  return `do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = ${target}::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on ${kind}%s from %s', ${target}, case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$`;
}
