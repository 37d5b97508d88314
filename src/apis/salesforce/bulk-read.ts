/** Reads the records of a query by Bulk API 2.0. The org runs a job, whose results are pages of CSV. The next page is requested while the previous page is decoded. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/ */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Checkpoint, Window } from '../../engine/contracts/home.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { noEnd, shifted } from '../answers/errors.ts';
import { csvRecords } from '../answers/record-formats.ts';
import type { LaterAnswer } from '../requests/requests.ts';
import { jobFailed } from './errors.ts';
import { type OrgColumn, schemaOf, sourceName } from './metadata.ts';
import { bytesSource, type JobFound, type Org, type ResultPage } from './org.ts';
import { mustBeWhole, mustNameFields } from './result-page.ts';

/** The position before the first result was read. */
interface JobWait {
  /** The id of the job. Null: the job must be created. */
  readonly job: string | null;
  /** The number of created jobs. */
  readonly made: number;
  readonly polls: number;
}

interface ResultWalk {
  readonly job: string;
  /** The locator of the next page. Null: the next page is the first page. */
  readonly locator: string | null;
  /** `read`: the number of records read so far. `total`: the number of all records of the job. */
  readonly read: number;
  readonly total: number;
  readonly pages: number;
}

/** The position of a reading, as JSON, because checkpoints store the position. */
type BulkWalk = JobWait | ResultWalk;

const noJob: JobWait = { job: null, made: 0, polls: 0 };

/** The maximum number of jobs for one query. If a job fails, another job is created. */
const mostJobs = 3;
const firstPollMs = 500;
const longestPollMs = 30_000;

interface Asking {
  createJob(): Promise<string | LaterAnswer>;
  job(id: string): Promise<JobFound | LaterAnswer>;
}

interface NextState {
  readonly walk: BulkWalk;
  /** The pause before the org is queried again, in milliseconds. */
  readonly waitMs: number;
}

/**
 * The next step towards the results. If a request to create a job gets no answer, the request is sent again. A job that another request has created is never used.
 * The org does not report the query of a job, so the job may belong to another client. Throws HomeError HYG-3693 if jobs fail.
 */
async function nextState(org: Asking, { job, made, polls }: JobWait, place: string): Promise<NextState | LaterAnswer> {
  if (job === null) {
    const id = await org.createJob();
    return typeof id === 'string' ? { walk: { job: id, made: made + 1, polls: 0 }, waitMs: firstPollMs } : id;
  }
  const found = await org.job(job);
  if ('notBefore' in found) return found;
  const { state, records } = found;
  if (state === 'JobComplete') return { walk: { job, locator: null, read: 0, total: records, pages: 0 }, waitMs: 0 };
  if (state === 'UploadComplete' || state === 'InProgress')
    return { walk: { job, made, polls: polls + 1 }, waitMs: Math.min(longestPollMs, firstPollMs * 2 ** polls) };
  if (made >= mostJobs) throw jobFailed(place, found);
  return { walk: { job: null, made, polls: 0 }, waitMs: firstPollMs };
}

function isWaiting(walk: BulkWalk): walk is JobWait {
  return 'made' in walk;
}

/** The wanted bytes of a page. The number of records on a page is estimated from the types of the fields. */
const pageBytes = 8 * 1024 * 1024;
const [fewestRecords, mostRecords] = [1_000, 100_000];
const frameBytes = 32 * 1024 * 1024;
const usualFrameRows = 100_000;

export interface BulkQuery {
  readonly org: Org;
  /** The org and the object, for people. */
  readonly place: string;
  readonly soql: string;
  /** Whether deleted and archived records are read too. */
  readonly all: boolean;
  readonly columns: readonly OrgColumn[];
  readonly window: Window;
  readonly badRows: 'fail' | 'skip' | 'quarantine';
}

export async function* readBulk(
  query: BulkQuery,
  {
    from,
    clock,
    scratch,
    signal,
  }: { readonly from: Json | undefined; readonly clock: Clock; readonly scratch: Scratch; readonly signal: AbortSignal },
): AsyncGenerator<Frame | Checkpoint | Rejected> {
  const { org, place, soql, all } = query;
  const asking = { createJob: () => org.createJob(soql, { all, page: place }), job: (id: string) => org.job(id, place) };
  let walk = (from as unknown as BulkWalk | undefined) ?? noJob;
  while (isWaiting(walk)) {
    signal.throwIfAborted();
    const next: Awaited<ReturnType<typeof nextState>> = await nextState(asking, walk, place);
    if ('notBefore' in next) {
      yield { checkpoint: asJson(walk), notBefore: next.notBefore };
      continue;
    }
    walk = next.walk;
    const notBefore = new Date(Date.parse(clock.now()) + next.waitMs).toISOString();
    yield { checkpoint: asJson(walk), ...(next.waitMs > 0 ? { notBefore } : {}) };
  }
  const rows = await rowsOfPages(query);
  const most = recordsOfPage(query.columns);
  let coming: Promise<ResultPage | LaterAnswer> | undefined;
  for (let next: ResultWalk | null = walk; next !== null; ) {
    signal.throwIfAborted();
    const name: string = `${place}, page ${next.pages + 1}`;
    const page: ResultPage | LaterAnswer = await (coming ?? org.results(next.job, { locator: next.locator, most, page: name }));
    coming = undefined;
    if ('notBefore' in page) {
      yield { checkpoint: asJson(next), notBefore: page.notBefore };
      continue;
    }
    const after = walkAfter(next, page, name);
    if (after !== null) {
      coming = org.results(next.job, { locator: after.locator, most, page: `${place}, page ${after.pages + 1}` });
      // If this page is needed, its error is thrown where the page is awaited above. If the page is not needed, its error does not matter.
      coming.catch(() => undefined);
    }
    yield* rows(page, name, { scratch, signal });
    if (after !== null) yield { checkpoint: asJson(after) };
    next = after;
  }
}

const asJson = (walk: BulkWalk) => walk as unknown as NonNullable<Json>;

/** The position after a page. Null: this was the last page. Throws HomeError HYG-3605 if the number of records read differs from the number of the job, and HYG-3604 if a locator repeats. */
function walkAfter(walk: ResultWalk, { records, locator }: ResultPage, name: string): ResultWalk | null {
  const read = walk.read + records;
  if (locator !== null && locator === walk.locator) throw noEnd(name, 'This page leads to itself.');
  if (locator !== null && records === 0) throw noEnd(name, 'This page has no record, but should not be the last page.');
  if (read > walk.total || (locator === null && read !== walk.total))
    throw shifted(name, `The job has ${walk.total} records, but ${read} were read.`);
  return locator === null ? null : { ...walk, locator, read, pages: walk.pages + 1 };
}

function recordsOfPage(columns: readonly OrgColumn[]): number {
  const width = columns.reduce((sum, { type, sourceType = '' }) => {
    const length = Number(/\((\d+)\)$/.exec(sourceType)?.[1] ?? 20);
    return sum + 3 + (type.kind === 'string' ? Math.min(length, 40 + length / 16) : 20);
  }, 0);
  return Math.max(fewestRecords, Math.min(mostRecords, Math.floor(pageBytes / width)));
}

type Rows = (
  page: ResultPage,
  name: string,
  around: { readonly scratch: Scratch; readonly signal: AbortSignal },
) => AsyncGenerator<Frame | Rejected>;

async function rowsOfPages({ columns, window, badRows }: BulkQuery): Promise<Rows> {
  const names = columns.map(({ name }) => name);
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, describeType(type)]));
  // All values are in quotes. An org has no empty texts, so empty quotes mean null.
  const written = { delimiter: ',', encoding: 'utf-8', compression: 'none', null_values: [''], quoted_nulls: true, skip_rows: 1 };
  const formats = await csvRecords({ ...written, header: names, types, bad_rows: badRows });
  const own = columns.map(({ name, type }) => ({ name, type }));
  const pinned = { version: 1, delimiter: ',', header: false, loneReturns: false, columns: own } as unknown as Json;
  const header = columns.map(sourceName);
  return async function* rows({ body, records }, name, { scratch, signal }) {
    mustNameFields(header, body, name);
    mustBeWhole({ body, records, fields: header.length }, name);
    if (records === 0) return;
    const format = formats.of(body.length);
    const source = bytesSource(name, body.bytes.subarray(0, body.length));
    const content = await format.inspect(source, pinned);
    const [piece] = content.pieces;
    const { frameRows = usualFrameRows } = window;
    const whole = { source, content, from: piece?.from ?? 0, to: piece?.to ?? source.bytes, window, columns: names, frameBytes, frameRows };
    for await (const item of format.read({ ...whole, scratch, signal })) yield 'rejected' in item ? item : item.told(schemaOf(columns));
  };
}
