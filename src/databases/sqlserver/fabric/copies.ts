/** The age of the rows that an SQL endpoint shows of its Lakehouse or mirrored database. Before hygge reads, Fabric updates the endpoint’s tables. */
import type { Opening } from '../../../engine/contracts/connector.ts';
import type { Step } from '../../../engine/contracts/frame.ts';
import type { Freshness } from '../../../engine/contracts/home.ts';
import { count } from '../../../errors/as-argument.ts';
import { ConnectionError } from '../../../errors/hygge-error.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import type { Instant, Json } from '../../../ports/values.ts';
import { fabricRequests } from '../../../remote/fabric/fabric-requests.ts';
import { type CopiedTable, type Refresh, type SqlEndpoint, SqlEndpoints } from '../../../remote/fabric/sql-endpoints.ts';
import type { CopiedFrom, CopiesUpTo } from '../../engine.ts';
import { credentialOf } from '../keys.ts';
import { address } from './connect.ts';
import { names } from './dialect.ts';
import { addressOf, type FabricKeys } from './keys.ts';

/** The longest wait for a refresh. Fabric itself ends a refresh after a quarter of an hour. */
const longestMs = 20 * 60_000;
const [leastPauseMs, mostPauseMs] = [1_000, 60_000];
const denied = 'HYG-6401';
const contributor =
  'Fabric reports the lag to the role Contributor in the workspace, and to an app only if the tenant setting “Service principals can use Fabric APIs” allows that';

/** The cursor of a refresh that Fabric runs. `operation` is null until hygge has requested the refresh. */
interface Running {
  readonly operation: string | null;
  readonly since: Instant;
}

/** Requests a refresh once. The engine repeats the call with its cursor until the refresh is done. Throws as `FabricRequests.ask`. If the identity lacks the right, the age stays unknown. */
export async function refresh(keys: FabricKeys, opening: Opening, cursor: Json | undefined): Promise<Step<CopiesUpTo>> {
  const { clock } = opening;
  const of = endpointOf(keys);
  if (of === undefined)
    return { done: { of: () => unknownAge('hygge requests the lag from Fabric only if the connection names its workspace: workspace') } };
  const running = cursor as Running | undefined;
  const operation = running?.operation ?? null;
  const found =
    operation === null
      ? await begun(keys, of, opening)
      : await unlessStopped(asked(keys, of, { network: opening.network, operation }), opening.stop);
  if (found === 'denied') return { done: { of: () => unknownAge(contributor) } };
  if ('elsewhere' in found) return { done: { of: () => unknownAge(otherAddress(of, found.elsewhere)) } };
  if ('failed' in found)
    return { done: { of: () => behind(`Fabric could not bring the endpoint up to date: ${sentence(found.failed)}`, null) } };
  if ('tables' in found) return { done: { of: (from) => ageOf(from, found.tables) } };
  const now = clock.now();
  const since = running?.since ?? now;
  if (Date.parse(now) - Date.parse(since) > longestMs)
    return { done: { of: () => behind('Fabric has not brought the endpoint up to date within 20 minutes', null) } };
  const next: Running = { operation: found.running, since };
  const pauseMs = Math.min(mostPauseMs, Math.max(leastPauseMs, found.afterMs));
  return {
    again: next as unknown as Json,
    notBefore: new Date(Date.parse(now) + pauseMs).toISOString(),
    waitsFor: `Fabric brings the SQL endpoint ${of.endpoint} up to date`,
  };
}

/** The SQL endpoint of a connection. Undefined: the connection does not name its workspace. */
function endpointOf(keys: FabricKeys): SqlEndpoint | undefined {
  const { host = '', database = '' } = addressOf(keys) ?? {};
  return keys.workspace === undefined ? undefined : { workspace: keys.workspace, endpoint: database, server: host };
}

const otherAddress = ({ workspace, endpoint, server }: SqlEndpoint, host: string): string =>
  `the SQL endpoint ${endpoint} in the workspace ${workspace} has the address ${host}, but server is ${server}. Correct workspace or server, or remove workspace`;

interface Begun {
  readonly atMs: number;
  /** The result of a request. `threw` is the error of a failed request, which each entity that waited for the request throws. */
  readonly refresh: Refresh | 'denied' | { readonly threw: unknown };
}

const sharedMs = 30_000;
/** How long a failed request counts for other entities, in milliseconds. Entities that waited for the request also fail. A later attempt sends a new request. */
const sharedFailureMs = 500;
/** How long an entity waits within a step for another entity’s request, in milliseconds. */
const turnMs = 10_000;
const noTurn = 'HYG-6054';

/** Another entity has requested the refresh, and Fabric has not answered that request yet. */
const waiting = { running: null, afterMs: leastPauseMs };

/** Requests a refresh, or shares it. Entities that begin within half a minute share one refresh, which is of all tables of the endpoint. */
async function begun(keys: FabricKeys, of: SqlEndpoint, opening: Opening): Promise<Refresh | 'denied' | typeof waiting> {
  const { pools, network, clock, flow, entity, stop } = opening;
  const { server, identity } = address(keys);
  const pool = pools.of<Begun>(
    { connector: 'fabric_warehouse', server: of.workspace, database: of.endpoint, identity: `${server} ${identity}`, serves: 'rows' },
    {
      ...{ most: 1, acquireMs: turnMs, idleMs: sharedMs },
      open: async (signal) => {
        const refresh = await unlessStopped(asked(keys, of, { network, operation: undefined }), signal).catch((threw: unknown) => ({
          threw,
        }));
        signal?.throwIfAborted();
        // The time is taken when the request has ended. If the answer was slow, it is still recent for the entities that waited.
        return { atMs: clock.monotonicMs(), refresh };
      },
      close: async () => undefined,
    },
  );
  try {
    for (;;) {
      await using leased = await pool.acquire(`hygge ${flow}.${entity}`, stop);
      const { atMs, refresh } = leased.connection;
      const hasFailed = typeof refresh === 'object' && 'threw' in refresh;
      if (clock.monotonicMs() - atMs >= (hasFailed ? sharedFailureMs : sharedMs)) {
        leased.spoil();
        continue;
      }
      if (hasFailed) throw refresh.threw;
      return refresh;
    }
  } catch (error) {
    if (error instanceof ConnectionError && error.code === noTurn) return waiting;
    throw error;
  }
}

/** Waits for the work, or until `stop` aborts. The work itself continues. */
async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal | undefined): Promise<T> {
  if (stop === undefined) return await work;
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const end = () => reject(stop.reason);
  if (stop.aborted) end();
  stop.addEventListener('abort', end);
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', end);
  }
}

async function asked(
  keys: FabricKeys,
  of: SqlEndpoint,
  { network, operation }: Pick<Opening, 'network'> & { readonly operation: string | undefined },
): Promise<Refresh | 'denied'> {
  const { tenant_id, client_id, client_secret, client_certificate_path } = keys;
  const identity = { credential: credentialOf(keys), tenant_id, client_id, client_secret, client_certificate_path };
  const instead = 'Sign in as an identity instead, or remove workspace from the connection.';
  const accountUrl = `https://${addressOf(keys)?.host ?? ''}`;
  try {
    const endpoints = new SqlEndpoints(await fabricRequests(identity, { accountUrl, network, instead }));
    return operation === undefined ? await endpoints.refresh(of) : await endpoints.look(of, operation);
  } catch (error) {
    if (error instanceof ConnectionError && error.code === denied) return 'denied';
    throw error;
  }
}

/** What Fabric says about the table. A view or a query may read any table, so for a view or a query: what Fabric says about all tables. */
function ageOf({ table }: CopiedFrom, tables: readonly CopiedTable[]): Freshness {
  if (table === null) {
    if (tables.length === 0) return unknownAge('Fabric names no table of the SQL endpoint');
    const failed = tables.filter(isBehind);
    if (failed.length > 0)
      return behind(
        `Fabric could not bring ${few(failed.map(({ name }) => name))} up to date, and this query or view may read them`,
        oldest(failed),
      );
    const left = tables.filter(({ status }) => status === notRun);
    if (left.length > 0)
      return unknownAge(`${lastRefreshed(few(left.map(({ name }) => name)), oldest(left))}; this query or view may read any of them`);
    return upToDate(oldest(tables), ' in the tables of this endpoint; hygge refreshes no other database that the query or view may read');
  }
  const found = tableNamed(table, tables);
  if (found === undefined) return unknownAge(`Fabric names no table ${table.schema}.${table.name} among those of the SQL endpoint`);
  if (found.status === notRun && !isBehind(found)) return unknownAge(lastRefreshed(found.name, found.lastSuccess));
  if (!isBehind(found)) return upToDate(found.lastSuccess);
  const why =
    found.error === null
      ? `Fabric could not bring the table up to date (${found.status})`
      : `Fabric could not bring the table up to date: ${sentence(found.error)}`;
  return behind(why, found.lastSuccess);
}

/** The status of a table that Fabric left out of the refresh. Microsoft’s page does not say when that happens. */
const notRun = 'NotRun';

const lastRefreshed = (names: string, at: Instant | null): string =>
  `Fabric did not refresh ${names} this time (NotRun), and last did so at ${at}`;

const mostNamed = 3;

function few(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
}

const isBehind = ({ status, lastSuccess }: CopiedTable): boolean => status !== 'Success' && (status !== notRun || lastSuccess === null);

/** Finds the table by schema and name. The name alone is enough if the schema is the usual schema, or if Fabric returns no schemas. */
function tableNamed({ schema, name }: NonNullable<CopiedFrom['table']>, tables: readonly CopiedTable[]): CopiedTable | undefined {
  const qualified = (one: CopiedTable) => names.split(one.name);
  const whole = tables.find((one) => {
    const parts = qualified(one);
    return parts.length === 2 && parts[0] === schema && parts[1] === name;
  });
  const mayBePlain = schema === 'dbo' || tables.every((one) => qualified(one).length === 1);
  const plain = mayBePlain ? tables.filter((one) => one.name === name) : [];
  return whole ?? (plain.length === 1 ? plain[0] : undefined);
}

const oldest = (tables: readonly CopiedTable[]): Instant | null =>
  tables.some(({ lastSuccess }) => lastSuccess === null)
    ? null
    : (tables.map(({ lastSuccess }) => lastSuccess).toSorted((a, b) => Date.parse(a ?? '') - Date.parse(b ?? ''))[0] ?? null);

/** Fabric’s own sentence, shortened because it may have any length. */
const sentence = (text: string): string =>
  text
    .trim()
    .replace(/^(.{300}).+$/s, '$1…')
    .replace(/\.$/, '');

function upToDate(until: Instant | null, where = ''): Freshness {
  const at = until === null ? '' : `, as of ${until}`;
  return { isBehind: false, note: note('fabric.up_to_date', `the SQL endpoint shows what the lake has${where}${at}`, until) };
}

function unknownAge(why: string): Freshness {
  return {
    isBehind: false,
    note: note('fabric.age_unknown', `the SQL endpoint may lag behind the lake by an unknown time: ${why}`, null),
  };
}

function behind(why: string, until: Instant | null): Freshness {
  const since = until === null ? '' : `; rows that changed after ${until} may be missing`;
  return { isBehind: true, note: note('fabric.not_visible_yet', `the SQL endpoint lags behind the lake: ${why}${since}`, until) };
}

const note = (code: OwnNote['code'], text: string, until: Instant | null): OwnNote => ({ code, text, params: { until } });
