/** Tests for `debug` whether hygge can do everything in a place that a commit needs. All test files are removed. */
import type { Finding } from '../../engine/contracts/connector.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Condition, FileSystem, PutOutcome, StagedFile } from '../../ports/filesystem.ts';
import { OutcomeUnknown, retry } from '../../ports/retry.ts';

/** One finding if everything works, else one finding for each failure. On a local disk, the conditional write leaves a lock file. */
export async function probeStore(files: FileSystem, nonce: string): Promise<readonly Finding[]> {
  const wrong = (await probeSteps(files, nonce, { replaces: false })).filter(({ ok }) => !ok);
  return wrong.length > 0 ? wrong : [{ ok: true, what: `can stage, publish, write conditionally and delete in ${files.url}` }];
}

/** A finding for each right that a store needs. `nonce` makes the names of the probe unique. */
export async function probeSteps(files: FileSystem, nonce: string, how = { replaces: true }): Promise<readonly Finding[]> {
  const tried = new Trial(files, nonce, how.replaces);
  const findings: Finding[] = [];
  const failed = new Set<string>();
  for (const { what, needs, act } of stepsOf(tried)) {
    if (needs.some((one) => failed.has(one))) continue;
    const finding = await found(findings.length === 0 ? `${what} in ${files.url}` : what, act);
    findings.push(finding);
    if (!finding.ok) failed.add(what);
    if (finding.ends) break;
  }
  return [...findings, ...(await tried.cleared())].map(({ ok, what, why, tryThis }) => ({
    ok,
    what,
    ...(why && { why }),
    ...(tryThis && { tryThis }),
  }));
}

interface Step {
  readonly what: string;
  /** If one of these steps fails, this step is skipped. */
  readonly needs: readonly string[];
  /** Runs the step. Returns a sentence about the failure; undefined: success. */
  act(): Promise<string | undefined>;
}

function stepsOf(tried: Trial): readonly Step[] {
  return [
    { what: 'lists files', needs: [], act: () => tried.list() },
    { what: 'stages files', needs: [], act: () => tried.stage() },
    { what: 'publishes them once', needs: ['stages files'], act: () => tried.publish() },
    { what: 'reads them back', needs: ['stages files', 'publishes them once'], act: () => tried.readBack() },
    { what: 'discards staged files permanently', needs: ['stages files'], act: () => tried.giveUp() },
    { what: 'writes a record only if no one else has written it', needs: [], act: () => tried.putOnce() },
    { what: 'removes files', needs: ['stages files', 'publishes them once'], act: () => tried.remove() },
  ];
}

type ProbeFinding = Finding & { readonly ends?: boolean };

/** Codes after which every other step would fail in the same way: no account is signed in, the place does not exist, or the system does not answer. */
const saysAll: ReadonlySet<string> = new Set(['HYG-6402', 'HYG-6403', 'HYG-6404']);

async function found(what: string, act: Step['act']): Promise<ProbeFinding> {
  try {
    const wrong = await act();
    return wrong === undefined
      ? { ok: true, what }
      : { ok: false, what: wrong, tryThis: ['Use a store that hygge is tested with: hygge list connectors'] };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): ProbeFinding {
  if (error instanceof HyggeError) {
    return { ok: false, what: `${error.code} ${error.what}`, why: error.why, tryThis: error.tryThis, ends: saysAll.has(error.code) };
  }
  if (!(error instanceof OutcomeUnknown)) throw error;
  return {
    ok: false,
    what: 'a write was never answered',
    tryThis: ['Check the connection to the service, then run hygge debug again'],
    ends: true,
  };
}

const folder = '_hygge/probe';

/** Writes files to test the rights, and remembers all files that must be removed. */
class Trial {
  readonly #files: FileSystem;
  readonly #nonce: string;
  readonly #replaces: boolean;
  readonly #content: Uint8Array;
  readonly #staged = new Map<string, StagedFile | undefined>();
  readonly #named = new Set<string>();

  constructor(files: FileSystem, nonce: string, replaces: boolean) {
    this.#files = files;
    this.#replaces = replaces;
    this.#nonce = nonce;
    this.#content = new TextEncoder().encode(nonce);
  }

  async list(): Promise<undefined> {
    for await (const _ of this.#files.list('')) break;
  }

  async stage(): Promise<string | undefined> {
    const { staged } = await this.#stage('');
    for await (const one of this.#files.staged(`${folder}/staging`)) if (one.staged === staged) return undefined;
    return `a staged file is not found again in ${this.#files.url}`;
  }

  async publish(): Promise<string | undefined> {
    const file = this.#staged.get(this.#names('').staged);
    if (file === undefined) return undefined;
    const first = await retry(() => this.#files.publish(file));
    if (first === 'gone') return `a staged file could not be published in ${this.#files.url}`;
    this.#staged.delete(file.staged);
    const again = await retry(() => this.#files.publish(file));
    return again === 'already' ? undefined : `a file that is published can be published a second time in ${this.#files.url}`;
  }

  async readBack(): Promise<string | undefined> {
    const { final } = this.#names('');
    const content = await retry(() => this.#files.read(final));
    const info = await retry(() => this.#files.stat(final));
    const isSame = Buffer.from(content).equals(this.#content) && info?.bytes === this.#content.byteLength;
    return isSame ? undefined : `a published file has other content when it is read from ${this.#files.url}`;
  }

  async giveUp(): Promise<string | undefined> {
    const file = await this.#stage('-given-up');
    await retry(() => this.#files.discard(file));
    this.#staged.delete(file.staged);
    this.#named.delete(file.final);
    const late = await retry(() => this.#files.publish(file));
    if (late === 'gone') return undefined;
    this.#named.add(file.final);
    return `a discarded staged file can still be published in ${this.#files.url}`;
  }

  async putOnce(): Promise<string | undefined> {
    const path = `${folder}/${this.#nonce}.json`;
    this.#named.add(path);
    const first = await this.#put(path, 'first', { ifNoneMatch: '*' });
    if (first.outcome === 'refused') return `a new record is refused as an existing one in ${this.#files.url}`;
    if ((await this.#put(path, 'second', { ifNoneMatch: '*' })).outcome === 'written') return this.#careless('a record that is there');
    const read = await retry(() => this.#files.get(path));
    if (read === undefined) return `a record is not found again in ${this.#files.url}`;
    const wrong = this.#replaces ? await this.#replace(path, read.etag) : undefined;
    if (wrong !== undefined) return wrong;
    await retry(() => this.#files.remove(path));
    this.#named.delete(path);
    return undefined;
  }

  async #replace(path: string, etag: string): Promise<string | undefined> {
    if ((await this.#put(path, 'third', { ifMatch: etag })).outcome === 'refused')
      return `a record can't be replaced by the process that has read it in ${this.#files.url}`;
    const late = await this.#put(path, 'fourth', { ifMatch: etag });
    return late.outcome === 'written' ? this.#careless('a record that someone else has replaced') : undefined;
  }

  async remove(): Promise<string | undefined> {
    const { final } = this.#names('');
    await retry(() => this.#files.remove(final));
    this.#named.delete(final);
    const left = await retry(() => this.#files.stat(final));
    return left === undefined ? undefined : `a file that was removed is still there in ${this.#files.url}`;
  }

  /** Removes the files that remain after a failure. */
  async cleared(): Promise<readonly ProbeFinding[]> {
    const left: string[] = [];
    for (const [staged, file] of this.#staged) {
      if (!(await done(() => this.#files.discard(file ?? { staged })))) left.push(staged);
    }
    for (const path of this.#named) if (!(await done(() => this.#files.remove(path)))) left.push(path);
    if (left.length === 0) return [];
    const tryThis = [
      `Remove these files by hand: ${left.join(', ')}`,
      'Give the account that runs hygge the right to delete files too, because commits need it',
    ];
    return [{ ok: false, what: `the files that this check wrote could not be removed from ${this.#files.url}`, tryThis }];
  }

  #names(which: string): { readonly staged: string; readonly final: string } {
    return { staged: `${folder}/staging/${this.#nonce}${which}`, final: `${folder}/${this.#nonce}${which}` };
  }

  async #stage(which: string): Promise<StagedFile> {
    const names = this.#names(which);
    this.#staged.set(names.staged, undefined);
    this.#named.add(names.final);
    const file = await this.#files.stage(names, once(this.#content));
    this.#staged.set(names.staged, file);
    return file;
  }

  /** Writes a file. If the answer is lost, a read of the file shows the outcome. */
  async #put(path: string, text: string, condition: Condition): Promise<PutOutcome> {
    const body = new TextEncoder().encode(`${this.#nonce} ${text}`);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#files.put(path, body, condition);
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) || attempt === 3) throw error;
        const there = await retry(() => this.#files.get(path));
        if (there && Buffer.from(there.body).equals(body)) return { outcome: 'written', etag: there.etag };
      }
    }
  }

  #careless(what: string): string {
    return `${this.#files.url} does not support conditional writes correctly, because ${what} is overwritten`;
  }
}

async function done(act: () => Promise<void>): Promise<boolean> {
  try {
    await retry(act);
    return true;
  } catch {
    return false;
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
