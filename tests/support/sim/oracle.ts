import { fenceHeadId, type Intent } from '../../../src/engine/contracts/intent.ts';
import type { StateRow } from '../../../src/ports/state.ts';
import { markIn } from './marks.ts';
import { countRows, multiset, type Row, rowText } from './rows.ts';
import { SchemaOracle } from './schema-oracle.ts';
import { must } from './violation.ts';
import { isDatabase, key, stagedName, type World } from './world.ts';

/** The invariants of protocol.md B, looked at past all ports after every write. */
export class Oracle {
  readonly #world: World;
  readonly #intents = new Map<string, Intent>();
  #headId: string | null = null;
  #headEpoch = 0;
  #epoch = 0;
  #settledId = '';
  #wasFilled = false;
  /** Refused for good: nothing of them may ever be seen. A discarded one is only once the row has moved on. */
  readonly #dead: Intent[] = [];
  #discarded: Intent | undefined;
  /** What exact readers saw at the last move of the head. */
  #seen = '';
  /** Of ours, that readers saw at the last move of the head. */
  #rows = 0;
  /** How often this view may hold a row: more than it ever was in the source is never right. */
  readonly #copies: number;
  readonly schemas: SchemaOracle;

  constructor(world: World, copies: number) {
    this.#world = world;
    this.#copies = copies;
    this.schemas = new SchemaOracle(world);
  }

  async check(): Promise<void> {
    const row = await this.#world.row();
    this.#epochsRise(row);
    this.#world.mirror?.check();
    if (this.#world.destination.staged().some((name) => epochOfStaged(name) < (row?.epoch ?? 0)))
      this.#world.coverage.hazard('stage', 'race');
    await this.#headMoves(row);
    this.#agreement(row);
    this.#settles(row);
    await this.#pendingParts(row);
    if (!this.#world.ruined) this.#content();
    await this.schemas.check(row);
    must(
      this.#world.ruined || this.#world.destination.reused().length === 0,
      `a name was used twice: ${this.#world.destination.reused().join(', ')}`,
    );
  }

  /** State or destination were lost, or all rows but not hygge's records: what was seen before counts no more. */
  forget(what: 'state' | 'destination' | 'rows'): void {
    if (what === 'rows') {
      this.#wasFilled = false;
      return;
    }
    if (what === 'state') {
      this.#epoch = 0;
      this.#world.committed.clear();
    }
    if (what === 'state') return;
    this.#headId = null;
    this.#headEpoch = 0;
    this.#wasFilled = false;
  }

  #epochsRise(row: StateRow | undefined): void {
    const epoch = row?.epoch ?? 0;
    must(epoch >= this.#epoch, `the row's epoch fell from ${this.#epoch} to ${epoch}`);
    this.#epoch = epoch;
  }

  /** Only ever to the pending intent, or to a fence. */
  async #headMoves(row: StateRow | undefined): Promise<void> {
    const head = this.#world.destination.head();
    const id = head?.id ?? null;
    if (id === this.#headId) return;
    if (head) this.#world.lineages.add(head.lineage);
    const epoch = head?.epoch ?? 0;
    const fence = id?.startsWith('fence-') === true;
    must(epoch > this.#headEpoch, `the head went from epoch ${this.#headEpoch} to ${epoch}`);
    const refused = row?.pending != null && id === fenceHeadId(row.pending);
    if (!fence && !this.#world.estranged)
      must(row?.pending?.id === id || refused, `the head moved to ${id} while ${row?.pending?.id} was pending`);
    if (this.#headId !== null && !fence) must(head?.prev === this.#headId, `the head ${id} does not follow ${this.#headId}`);
    this.#headId = id;
    this.#headEpoch = epoch;
    // Others may come at any time.
    const visible = this.#world.ruined ? [] : this.#world.destination.rows().filter(({ by }) => by !== 'theirs');
    const rows = visible.length;
    if (refused) {
      const isSame = head?.nothing ? rows === 0 : multiset(visible) === this.#seen;
      must(this.#world.ruined || this.#world.estranged || isSame, 'the fence of a refused intent changed what readers see');
      const intent = await this.#intent(row.pending.ref);
      if (head?.reason?.code === 'HYG-2080') this.#discarded = intent;
      else this.#dead.push(intent);
    }
    this.#seen = multiset(visible);
    if (!fence && row?.pending?.id === id) {
      const intent = await this.#intent(row.pending.ref);
      this.#world.committed.add(intent.entityRunId);
      if (head?.prev != null && !this.#world.estranged && !this.#world.ruined && !this.#world.destination.countsUpdates)
        this.#world.added.set(
          intent.entityRunId,
          ['swap', 'delete_insert'].includes(intent.writing?.mode ?? '') ? rows : rows - this.#rows,
        );
    }
    this.#rows = rows;
  }

  /** The row says which run settled it: by that a repeat of the run knows that it has ended. */
  #settles(row: StateRow | undefined): void {
    const id = row?.settled?.id;
    if (id === undefined || id === this.#settledId) return;
    this.#settledId = id;
    const intent = [...this.#intents.values()].find((each) => each.id === id);
    must(!intent || row?.last?.run === intent.entityRunId, `${intent?.entityRunId} settled, and the row says that ${row?.last?.run} did`);
    const added = this.#world.added.get(row?.last?.run ?? '');
    must(added === undefined || row?.last?.rows === added, `the row says that ${row?.last?.rows} rows settled, and readers see ${added}`);
  }

  /** What the state says is settled and what a reader sees never part ways (I4), but for a reset that was cut short. */
  #agreement(row: StateRow | undefined): void {
    const head = this.#world.destination.head();
    if (this.#world.estranged || head?.id.startsWith('fence-') === true) return;
    const ids = [row?.settled?.id ?? null, ...(row?.pending ? [row.pending.id, fenceHeadId(row.pending)] : [])];
    must(ids.includes(head?.id ?? null), `settled or pending are ${ids.join(', ')}, but the head is ${head?.id ?? 'none'}`);
    if (row?.settled && head?.id === row.settled.id && row.settled.watermark !== null)
      must(head.watermark?.text === row.settled.watermark.text, 'the watermark settled is not the one that came with the data');
  }

  async #pendingParts(row: StateRow | undefined): Promise<void> {
    const { destination, estranged, thrownAway } = this.#world;
    if (this.#discarded && row?.pending?.id !== this.#discarded.id) {
      this.#dead.push(this.#discarded);
      this.#discarded = undefined;
    }
    const shown = (intent: Intent) => (this.#world.ruined ? undefined : intent.parts.find((part) => destination.shows(part)));
    for (const dead of this.#dead)
      must(shown(dead) === undefined, `a part of the refused intent ${dead.id} is visible: ${JSON.stringify(shown(dead))}`);
    const head = destination.head()?.id;
    if (!row?.pending || estranged || head === row.pending.id || head === fenceHeadId(row.pending) || head?.startsWith('fence-') === true)
      return;
    const intent = await this.#intent(row.pending.ref);
    // Its token may have been taken, as long as nothing of it is visible.
    if ((row.pending.refused || this.#world.discarding) && !shown(intent)) return;
    const lost = intent.parts.find((part) => !destination.holds(part) && !thrownAway.has(stagedName(part)));
    must(lost === undefined, `a part of the pending intent is gone or changed: ${JSON.stringify(lost?.ref)}`);
  }

  async #intent(ref: string): Promise<Intent> {
    const known = this.#intents.get(ref);
    if (known) return known;
    const found = (await this.#world.rawState().getObject(key, ref)) as unknown as Intent | undefined;
    must(found !== undefined, `the pending intent ${ref} is not there`);
    this.#intents.set(ref, found);
    return found;
  }

  /** Unless they are to go, and but for rows with a key of ours. */
  #rowsOfOthersStay(): void {
    const { destination, planted, source, spec } = this.#world;
    // The fence of a first load lists nothing, as if there were no head yet.
    if (spec.ifExists === 'replace' || destination.head()?.nothing) return;
    const there = countRows(destination.rows());
    const key = spec.watermark?.key ?? [];
    const isOurs = (theirs: Row) => key.length > 0 && source.ever.some((one) => key.every((name) => one[name] === theirs[name]));
    for (const one of planted) must(isOurs(one) || (there.get(rowText(one)) ?? 0) > 0, `row ${rowText(one)} of somebody else is gone`);
  }

  #keysAreUnique(): void {
    const { destination, setting, spec } = this.#world;
    const key = spec.watermark?.key ?? [];
    const merges = setting.pair.store === 'sql' || isDatabase(setting.pair.store) || setting.pair.head?.open !== undefined;
    if (key.length === 0 || !merges) return;
    const keys = destination
      .rows()
      .filter(({ by }) => by !== 'theirs')
      .map((one) => JSON.stringify(key.map((name) => one[name] ?? null)));
    must(new Set(keys).size === keys.length, `a key is there twice: ${keys.sort().join(' ')}`);
  }

  #content(): void {
    const { destination, source } = this.#world;
    const head = destination.head();
    const filled = destination.filled();
    const isAhead = (destination.ahead?.() ?? null) !== null;
    if (!this.#world.estranged && !isAhead)
      must(filled || !this.#wasFilled || source.rows.length === 0 || head?.rows === 0, 'readers find nothing where there was something');
    this.#wasFilled ||= filled;
    if (!head) return;
    this.#rowsOfOthersStay();
    this.#keysAreUnique();
    const seen = countRows(destination.rows());
    for (const [text, n] of seen) {
      this.#world.shown.set(text, Math.max(n, this.#world.shown.get(text) ?? 0));
      const most = (source.most.get(text) ?? 0) * this.#copies;
      must(n <= most || text.includes('theirs'), `row ${text} is there ${n} times, and was ${most} times in the source at most`);
    }
    const apart = countRows(destination.apart?.() ?? []);
    for (const [text, n] of apart) {
      const [all, most] = [n + (seen.get(text) ?? 0), (source.most.get(text) ?? 0) * this.#copies];
      must(
        all <= most,
        `row ${text} settled ${all - n} times and lies in quarantine ${n} times, and was ${most} times in the source at most`,
      );
    }
    const mark = head.watermark === null ? undefined : markIn(head.watermark.text);
    if (mark === undefined) return;
    for (const [text, n] of countRows(source.steady.filter((one) => one.mark !== null && one.mark <= mark).map(source.kept))) {
      const there = (seen.get(text) ?? 0) + (apart.get(text) ?? 0);
      must(there >= n || this.#world.dropped.has(text), `the watermark is ${mark}, but row ${text} is not there`);
    }
  }
}

/** A run that went on staging after a later claim had passed it. */
function epochOfStaged(name: string): number {
  return Number(/(?:staging\/|stg_)(\d+)/.exec(name)?.[1]);
}

export function describeDifference(
  is: readonly Parameters<typeof rowText>[0][],
  expected: readonly Parameters<typeof rowText>[0][],
): string {
  return `content is [${is.map(rowText).sort().join(' ')}], expected [${expected.map(rowText).sort().join(' ')}]`;
}
