/** Rules and checks with what each of them means in DuckDB's SQL: hygge's verdict is compared with that of a database that knows nothing of hygge. */

/** `n` rows, with values at every edge that a rule below has, five of them in each `step`. */
export const judgedRows = (n: number): string => `select
  i as id,
  ['a@example.com', null, 'no one', 'b.c@mail.example.org', 'two@at@example.com', 'D.E@EXAMPLE.com'][i % 6 + 1] as email,
  ['DK', 'SE', null, 'XX', 'NO'][i % 5 + 1] as country,
  [-5.00, 0.00, null, 0.01, 120.50, 999.99, 1000.00][i % 7 + 1]::decimal(10, 2) as amount,
  [0.5, -1e300, null, 2.5, 1.0][i % 5 + 1]::double as ratio,
  [9007199254740993, -9223372036854775807, 9007199254740992, null, 9223372036854775807][i % 5 + 1]::bigint as big,
  [1, 2, null, 3, 99, 100, 101, -1][i % 8 + 1]::integer as qty,
  date '2026-03-01' + (i % 9)::integer as ordered,
  date '2026-03-01' + (i % 9)::integer + [0, -1, null, 3][i % 4 + 1]::integer as shipped,
  (i // 5)::bigint as step,
  timestamp '2026-03-01 00:00:00' + interval (i // 5) minute as "at",
  ['0e6bd9e4-5a0b-4d2a-9a55-3d6c1d2e3f40', 'not-a-uuid', null, '0E6BD9E4-5A0B-4D2A-9A55-3D6C1D2E3F40', '0e6bd9e4'][i % 5 + 1] as code,
  ['https://example.com/a?b=1', 'example.com', 'http://localhost:8080/', null, 'http://', 'https://a b.example'][i % 6 + 1] as link,
  ['2026-02-28', '2025-02-29', null, '2024-02-29', '28.02.2026'][i % 5 + 1] as day,
  ['2026-03-01T10:00:00', '2026-03-01T25:00:00', '2026-03-01 10:00:00.5', null, 'noon'][i % 5 + 1] as moment,
  ['a', 'ab', 'abcdef', 'näme', null, 'emoji 🎉'][i % 6 + 1] as label,
  i % 3 = 0 as flag
from range(${n}) r(i)`;

export type Mode = 'fail' | 'warn' | 'quarantine';
export const modes: readonly Mode[] = ['fail', 'warn', 'quarantine'];

export interface RuleCell {
  /** As reports call it. */
  readonly rule: string;
  /** The contract's lines. */
  readonly contract: string;
  /** True for rows that break it. */
  readonly breaks: string;
}

const column = (name: string, keys: string) => `columns: { ${name}: { ${keys} } }\ncomplete: false\n`;
const condition = (name: string, check: string, when?: string) =>
  `rules:\n  - { name: ${name}, check: ${JSON.stringify(check)}${when === undefined ? '' : `, when: ${JSON.stringify(when)}`} }\ncomplete: false\n`;

export const rules: readonly RuleCell[] = [
  { rule: 'email not null', contract: column('email', 'type: string, nullable: false'), breaks: 'email is null' },
  { rule: 'amount min', contract: column('amount', 'type: "decimal(10,2)", min: 0'), breaks: 'amount < 0' },
  { rule: 'amount max', contract: column('amount', 'type: "decimal(10,2)", max: 999.99'), breaks: 'amount > 999.99' },
  { rule: 'ratio min', contract: column('ratio', 'type: float64, min: -1.5'), breaks: 'ratio < -1.5' },
  {
    rule: 'big max',
    contract: column('big', 'type: int64, max: 9007199254740992'),
    breaks: 'big > 9007199254740992',
  },
  { rule: 'qty min and max', contract: column('qty', 'type: int32, min: 1, max: 100'), breaks: 'qty < 1 or qty > 100' },
  { rule: 'ordered max', contract: column('ordered', 'type: date, max: 2026-03-05'), breaks: "ordered > date '2026-03-05'" },
  {
    rule: 'at min',
    contract: column('at', 'type: timestamp, min: "2026-03-01T00:02:00"'),
    breaks: `"at" < timestamp '2026-03-01 00:02:00'`,
  },
  { rule: 'country min', contract: column('country', 'type: string, min: E'), breaks: "country < 'E'" },
  { rule: 'label length', contract: column('label', 'type: string, length: [2, 6]'), breaks: 'length(label) not between 2 and 6' },
  { rule: 'label regex', contract: column('label', "type: string, regex: '^[a-z]+$'"), breaks: "not regexp_matches(label, '^[a-z]+$')" },
  { rule: 'country in', contract: column('country', 'type: string, in: [DK, SE, NO]'), breaks: "country not in ('DK', 'SE', 'NO')" },
  { rule: 'qty in_file', contract: column('qty', 'type: int32, in_file: contracts/numbers.txt'), breaks: 'qty not in (1, 2, 3)' },
  {
    rule: 'email format',
    contract: column('email', 'type: string, format: email'),
    breaks: "not regexp_full_match(email, '[^@\\s]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*')",
  },
  {
    rule: 'code format',
    contract: column('code', 'type: string, format: uuid'),
    breaks: 'code is not null and try_cast(code as uuid) is null',
  },
  {
    rule: 'link format',
    contract: column('link', 'type: string, format: url'),
    breaks: "not regexp_full_match(link, 'https?://[a-z0-9.:]+(/\\S*)?')",
  },
  {
    rule: 'day format',
    contract: column('day', 'type: string, format: date'),
    breaks: 'day is not null and try_cast(day as date) is null',
  },
  {
    rule: 'moment format',
    contract: column('moment', 'type: string, format: datetime'),
    breaks: 'moment is not null and try_cast(moment as timestamp) is null',
  },
  {
    rule: 'ordered at_most shipped',
    contract: 'columns: { ordered: { type: date, at_most: shipped }, shipped: date }\ncomplete: false\n',
    breaks: 'ordered > shipped',
  },
  {
    rule: 'ordered less_than shipped',
    contract: 'columns: { ordered: { type: date, less_than: shipped }, shipped: date }\ncomplete: false\n',
    breaks: 'ordered >= shipped',
  },
  {
    rule: 'qty more_than amount',
    contract: 'columns: { qty: { type: int32, more_than: amount }, amount: "decimal(10,2)" }\ncomplete: false\n',
    breaks: 'qty <= amount',
  },
  {
    rule: 'qty at_least amount',
    contract: 'columns: { qty: { type: int32, at_least: amount }, amount: "decimal(10,2)" }\ncomplete: false\n',
    breaks: 'qty < amount',
  },
  {
    rule: 'amounts have countries',
    contract: condition('amounts have countries', 'country IS NOT NULL', 'amount > 100'),
    breaks: 'amount > 100 and country is null',
  },
  {
    rule: 'a condition',
    contract: condition('a condition', "qty BETWEEN 1 AND 100 OR lower(country) = 'xx'"),
    breaks: "not (qty between 1 and 100 or lower(country) = 'xx')",
  },
  { rule: 'unknown passes', contract: condition('unknown passes', 'qty + amount > 0'), breaks: 'not (qty + amount > 0)' },
];

export interface CheckCell {
  readonly name: string;
  /** A map of YAML, without its end. */
  readonly check: string;
  /** True where all rows together pass. */
  readonly passes: string;
}

const range = (of: string, bounds: string) => `{ type: range, column: amount, of: ${of}, ${bounds}`;

export const checks: readonly CheckCell[] = [
  { name: 'complete enough', check: '{ type: completeness, column: email, threshold: 0.8', passes: 'count(email) >= 0.8 * count(*)' },
  { name: 'not complete', check: '{ type: completeness, column: email, threshold: 0.9', passes: 'count(email) >= 0.9 * count(*)' },
  { name: 'enough rows', check: '{ type: volume, min_rows: 30', passes: 'count(*) >= 30' },
  { name: 'too many rows', check: '{ type: volume, max_rows: 40', passes: 'count(*) <= 40' },
  { name: 'smallest', check: range('min', 'min: -5'), passes: 'min(amount) >= -5' },
  { name: 'smallest too small', check: range('min', 'min: -4.99'), passes: 'min(amount) >= -4.99' },
  { name: 'largest', check: range('max', 'max: 999.99'), passes: 'max(amount) <= 999.99' },
  { name: 'sum', check: range('sum', 'max: 12345.67'), passes: 'sum(amount) <= 12345.67' },
  { name: 'mean', check: range('mean', 'min: 300, max: 352.58'), passes: 'avg(amount) between 300 and 352.58' },
  { name: 'distinct', check: range('distinct', 'min: 6, max: 6'), passes: 'count(distinct amount) between 6 and 6' },
  { name: 'stale', check: '{ type: freshness, column: at, max_age_hours: 1', passes: 'max("at") >= now()::timestamp - interval 1 hour' },
  {
    name: 'fresh',
    check: '{ type: freshness, column: at, max_age_hours: 800000',
    passes: 'max("at") >= now()::timestamp - interval 800000 hour',
  },
];
