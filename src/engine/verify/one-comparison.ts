/** One comparison of an entity’s source with the rows under the destination’s present head. */

import type { Comparison, ComparisonProof, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { Instant } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { ReplicatedRows } from '../contracts/store.ts';
import { nothingToProve, proofDisagrees } from '../errors/verify.ts';
import { mostGone } from '../keys/comparison.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { setsAnyApart } from '../validation/rows-apart.ts';
import { countedSides, dueWindow } from './counts.ts';
import { contentInside, type DifferingParts, proofOf } from './inside.ts';
import { type Judgement, judge, soFar } from './judge.ts';
import { besideOpenGroup } from './open-group.ts';
import { type Prepared, prepare } from './preparation.ts';
import { knownRows, readableRows, replicaSays } from './replica.ts';
import { type ComparedContent, comparedContent, mostRowsKept, noRows } from './rows/comparison.ts';
import { counting, readSides } from './rows/read-sides.ts';
import { type TakenSource, takenFiles } from './rows/taken-files.ts';
import { asSettled, type DescribedSource, describedSource, type Standing, sourceSince, standingOf } from './starting-point.ts';
import { ComparisonPaused, continuesWith, type LeftComparison, LookPaused } from './steps/paused-comparison.ts';
import type { VerifyContext } from './verify-entity.ts';

interface OnceContext extends VerifyContext {
  /** How many runs settled during the comparison. */
  readonly moved: number;
}

type Found = Partial<Comparison>;

/** Compares once. @returns `moved`: a run settled during the comparison. */
export async function compareOnce(spec: EntitySpec, request: VerifyRequest, context: OnceContext): Promise<Found | 'moved'> {
  const { ports, signal } = context;
  const standing = await standingOf(spec, ports);
  if ('because' in standing) return { because: standing.because };
  const { store, head, row } = standing;
  const readable = await readableRows(store, head);
  if ('because' in readable) return readable;
  const { replica } = readable;
  await using destination = readable.home;
  const snapshot = await snapshotInForce(ports, spec, row);
  const onPause = (until: Instant, waitsFor?: string) => context.tell({ until, waitsFor: waitsFor ?? null });
  const refresh = continuesWith(context.pausing?.left, { moved: context.moved, head: head.id }) ? 'later' : { onPause };
  const source = await describedSource(spec, store, { ports, signal, refresh, pinned: snapshot?.pinned ?? null });
  await using _home = source.home;
  if (source.description.isBehind) return { because: 'not visible yet' };
  const isReplica = replica !== null;
  const prepared = await prepare(spec, request, { ...context, standing, snapshot, source, destination, isReplica });
  if ('because' in prepared) return prepared;
  const { plan } = prepared;
  const where = { source: plan.source.where, destination: plan.destination.where };
  const proof = request.proof ? await proofOf({ sides: prepared.sides, where, spec, ports }, signal) : null;
  if (request.proof && proof === null) throw nothingToProve(spec);
  context.planned(plan);
  const files = await takenFiles(spec, ports, { row, home: source.home });
  if (files?.areGone) return { because: 'files gone' };
  const comparison = new OneComparison({ spec, request, context, standing, source, prepared, files, replica });
  if (comparison.isOfOthers) return 'moved';
  return (await comparison.counts()) ?? (await comparison.rows(proof));
}

interface OpenedSides {
  readonly spec: EntitySpec;
  readonly request: VerifyRequest;
  readonly context: OnceContext;
  readonly standing: Standing;
  readonly source: DescribedSource;
  readonly prepared: Prepared;
  /** The files that the entity has taken. Null: the entity does not load file by file. */
  readonly files: TakenSource | null;
  /** `ReadableRows.replica`: the rows of the other system. Null: the store’s own rows are read. */
  readonly replica: ReplicatedRows | null;
}

interface ReadContent {
  /** The only parts that are compared. Null: all rows of the scope. */
  readonly parts: DifferingParts | null;
  /** What a step leaves when it pauses. Null: the comparison is made in one step. */
  readonly pausesAs: Pick<LeftComparison, 'isBelowGroup'> | null;
  /** Where an earlier step paused. Null: the comparison begins. */
  readonly look: LeftComparison['look'] | null;
}

class OneComparison {
  readonly #of: OpenedSides;
  /** `LeftComparison.of`: which columns of each row are compared. */
  readonly #compares: string;
  /** What an earlier step left. Null: this step is the first. */
  readonly #left: LeftComparison | null;
  readonly #rowsRead: { source: number; destination: number };
  readonly #queries = { source: 0, destination: 0 };

  constructor(of: OpenedSides) {
    const { plan, summed, key } = of.prepared;
    const left = of.context.pausing?.left ?? null;
    this.#of = of;
    this.#compares = JSON.stringify([plan.scope, summed, key, of.replica?.version ?? null]);
    this.#left = left?.moved === of.context.moved ? left : null;
    this.#rowsRead = { source: 0, destination: 0, ...this.#left?.rowsRead };
  }

  /** Whether an earlier step compared other rows. */
  get isOfOthers(): boolean {
    return this.#left !== null && (this.#left.head !== this.#of.standing.head.id || this.#left.of !== this.#compares);
  }

  /** The result if counts are enough. Null: counts were not requested, or the counts differ. */
  async counts(): Promise<Found | 'moved' | null> {
    const { spec, request, context, standing, source, prepared } = this.#of;
    if (request.by !== 'counts' || this.#left !== null) return null;
    const { scope, destination, deletedMark } = prepared;
    const sides = this.#sidesOf(prepared);
    const isPlain = scope.ranges === null && sides.countsPlainly;
    const hasOthers = deletedMark !== null || scope.ranges !== null || setsAnyApart(spec);
    const counts = await countedSides({
      source: { home: source.home, side: sides.source(null), window: isPlain ? dueWindow(source.home, scope) : null },
      destination: { home: destination, side: sides.destination(null), window: hasOthers ? null : scope.destination },
      ports: context.ports,
      signal: context.signal,
    });
    // Different counts may have other reasons than differences. Only the rows show the reason.
    if (counts.source !== counts.destination) return null;
    if (await this.#hasMoved()) return 'moved';
    const asIs = asSettled(standing.settled, source.description);
    const found: Found = { by: 'counts', rows: { ...noRows, ...counts }, source_as_settled: asIs };
    return this.#ofReplica({ ...found, verdict: 'same', ok: true });
  }

  async rows(proof: ComparisonProof | null): Promise<Found | 'moved'> {
    const { spec, request, context, standing, source, prepared } = this.#of;
    const whole = this.#left?.isBelowGroup === true ? null : await this.#contentOf(prepared, { isBelowGroup: false });
    if (await this.#hasMoved()) return 'moved';
    if (proof !== null && whole !== null) mustAgreeWithProof(spec, proof, whole);
    const isWhole = request.range === null && request.ranges === undefined && request.sample === 1 && request.key === null;
    let found = whole === null ? null : this.#judged(whole, isWhole ? await this.#settledRows() : null);
    let { ranges } = prepared;
    if (found?.verdict === 'differs' && prepared.unread !== null) {
      // A feed that is read as it is now shows which rows the next run will read.
      const content = await this.#contentOf({ ...prepared, readsUnread: true, inside: null }, null);
      if (await this.#hasMoved()) return 'moved';
      if (content.rows.not_yet_due > 0) found = { ...this.#judged(content, isWhole ? await this.#settledRows() : null), sums: null };
    }
    if (found === null || (found.verdict === 'differs' && !((spec.compareDeletes || prepared.ignoresDeletes) && found.rows?.foreign))) {
      const { ports, signal } = context;
      const [sidesOf, contentOf] = [this.#sidesOf, this.#contentOf];
      const beside = await besideOpenGroup({ spec, request, standing, prepared, sidesOf, contentOf, whole, ports, signal });
      // An earlier step left out the open group. If the group differs by now, its rows have to be compared.
      if ((await this.#hasMoved()) || (beside === null && found === null)) return 'moved';
      if (beside !== null) {
        const { content, hasSums } = beside;
        found = { ...soFar(this.#judged(content, null)), ...(hasSums ? {} : { sums: null }) };
        ({ ranges } = beside);
      }
    }
    return this.#ofReplica({
      ...found,
      proof,
      work: { source: this.#work('source'), destination: this.#work('destination') },
      repair: found?.verdict === 'differs' ? (ranges?.found() ?? null) : null,
      source_as_settled: asSettled(standing.settled, source.description),
      settled_read_at: whole?.settledReadAt ?? null,
    });
  }

  /** How many rows the destination should have, including rows whose key is gone from the source. Null: the number is not known. */
  async #settledRows(): Promise<number | null> {
    const { spec, context, standing, replica } = this.#of;
    if (replica === null) return standing.target.shared?.settledRows ?? standing.head.rows;
    return spec.compareDeletes === undefined ? null : await knownRows(standing.store, standing.head, context);
  }

  /** The result for a replica. Rows that the other system has not taken over yet are not differences, and the right number of rows proves nothing. */
  async #ofReplica(found: Found): Promise<Found | 'moved'> {
    const { spec, context, replica } = this.#of;
    if (replica === null) return found;
    const isProof = found.verdict === 'same' && found.by !== 'counts';
    if (isProof || found.verdict === 'not told') return { ...found, replica: { version: replica.version, has_all: null, missing: null } };
    const says = await replicaSays(spec, replica, context.ports);
    if (says === 'moved' || (await this.#hasMoved())) return 'moved';
    if (says.because === null) return { ...found, replica: says.replica };
    return { ...found, verdict: 'not told', because: says.because, ok: false, repair: null, replica: says.replica };
  }

  readonly #sidesOf = (scoped: Prepared) => {
    const { spec, request, context, standing, source, files } = this.#of;
    const { maxSnapshotMs } = request;
    return readSides(spec, {
      prepared: scoped,
      source,
      store: standing.store,
      ports: context.ports,
      files: files?.paths ?? null,
      maxSnapshotMs,
    });
  };

  /** Compares the rows of a scope. @param pausesAs what a step leaves when it pauses; null: the comparison is made in one step. */
  readonly #contentOf = async (scoped: Prepared, pausesAs: Pick<LeftComparison, 'isBelowGroup'> | null): Promise<ComparedContent> => {
    const look = this.#left !== null && this.#left.isBelowGroup === pausesAs?.isBelowGroup ? this.#left.look : null;
    const read = (parts: DifferingParts | null) => this.#readContent(scoped, { parts, pausesAs, look });
    if (scoped.inside === null || look !== null) return read(null);
    const { request, context } = this.#of;
    const how = { clock: context.ports.clock, signal: context.signal, withinMs: request.maxSnapshotMs };
    const found = await contentInside(scoped.inside, how, read);
    this.#queries.source += found.queries.source;
    this.#queries.destination += found.queries.destination;
    return found.content;
  };

  async #readContent(scoped: Prepared, { parts, pausesAs, look }: ReadContent): Promise<ComparedContent> {
    const { spec, request, context, standing, source, prepared } = this.#of;
    const { ports, signal, pausing } = context;
    const { plan, key, keepsVersions, keepsNewest, settledVersion } = prepared;
    const sides = this.#sidesOf(scoped);
    try {
      return await comparedContent({
        source: counting(this.#rowsRead, 'source', sides.source(parts)),
        destination: counting(this.#rowsRead, 'destination', sides.destination(parts)),
        columns: prepared.summed,
        key,
        how: {
          keyed: key.length > 0,
          keepsVersions,
          keepsNewest,
          comparesDeletes: spec.compareDeletes !== undefined && request.key === null,
          ignoresDeletes: prepared.ignoresDeletes && key.length > 0,
          knowsSettledVersions: settledVersion !== null,
        },
        versionMark: prepared.versionMark,
        settledVersion,
        ranges: scoped.ranges,
        // Without `pausesAs`, rows are compared that already differed in an earlier comparison. So no pause is needed before they are looked at again.
        request: pausesAs === null ? { ...request, pauseMs: 0 } : request,
        hidesValues: spec.schema.samples === 'mask',
        mostKept: Math.floor(mostRowsKept / context.atOnce),
        sourceSince: async () => {
          const now = await describedSource(spec, standing.store, { ports, signal, refresh: 'later', pinned: source.pinned });
          return sourceSince(now, source);
        },
        settledSums: parts === null && scoped === prepared ? prepared.settledSums : null,
        ports,
        signal,
        tell: (read) => context.tell({ ...read, of: plan[read.side].rows }),
        pausing: pausing === undefined || pausesAs === null || parts !== null ? null : { look, isOver: pausing.isOver },
      });
    } catch (error) {
      if (!(error instanceof LookPaused) || pausesAs === null) throw error;
      const left = { head: standing.head.id, of: this.#compares, ...pausesAs, moved: context.moved };
      throw new ComparisonPaused({ ...left, rowsRead: this.#rowsRead, look: error.look });
    }
  }

  #judged(content: ComparedContent, settledRows: number | null): Judgement {
    const { spec, request, standing, prepared, files } = this.#of;
    const { compareDeletes } = spec;
    const mostDeletes = compareDeletes === undefined ? 0 : mostGone(compareDeletes, standing.head.rows - content.rows.marked_deleted);
    const { key, keepsVersions, hasUnkeyedVersions, ignoresDeletes } = prepared;
    const of = {
      request,
      hasKey: key.length > 0,
      keepsVersions,
      hasUnkeyedVersions,
      ignoresDeletes,
      otherContents: files?.otherContents ?? null,
    };
    return judge(content, { ...of, mostDeletes, settledRows });
  }

  async #hasMoved(): Promise<boolean> {
    const { store, head } = this.#of.standing;
    return (await store.head())?.id !== head.id;
  }

  #work(side: 'source' | 'destination') {
    return { sums: this.#queries[side], rows_read: this.#rowsRead[side] };
  }
}

/** Throws unless SQL and hygge sum the same rows, because a proof about other rows would prove nothing. Settled rows are left out if they are marked, or if their newer version is not yet due. */
function mustAgreeWithProof(spec: EntitySpec, proof: ComparisonProof, { rows, sums }: ComparedContent): void {
  const isWhole = {
    source: rows.left_out === 0,
    destination: rows.updated_since + rows.marked_deleted + rows.deletes_due + rows.last_good === 0,
  };
  for (const side of ['source', 'destination'] as const) {
    const of = proof[side];
    const answer = 'sql' in of ? of.answer : null;
    if (isWhole[side] && answer !== null && answer.sum !== sums[side])
      throw proofDisagrees(spec, side, { sql: answer.sum, rows: sums[side] });
  }
}
