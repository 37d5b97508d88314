import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { endWorkers } from './leftover-processes.ts';

/** Longer than the limit of any test or hook: within it, a process that still answers has said that one of them took too long. */
const answersWithinMs = Number(process.env.HYGGE_TEST_ANSWERS_WITHIN_MS ?? 900_000);
const closesWithinMs = Math.min(60_000, answersWithinMs);

/** Ends a run in which the process of a file answers no more, as one that spins does, and names the file. No limit of a test works in such a process. */
export default class StuckFiles implements Reporter {
  readonly #heard = new Map<string, { readonly name: string; readonly atMs: number }>();
  /** Files that have ended. On a busy machine an event of a test comes after the end of its file. */
  readonly #ended = new Set<string>();
  #vitest: Vitest | undefined;
  #watch: NodeJS.Timeout | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#watch = setInterval(() => this.#look(), Math.min(10_000, answersWithinMs)).unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.#ended.delete(keyOf(module));
    this.#hear(module);
  }

  onTestCaseReady({ module }: TestCase): void {
    this.#hear(module);
  }

  onTestCaseResult({ module }: TestCase): void {
    this.#hear(module);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#ended.add(keyOf(module));
    this.#heard.delete(keyOf(module));
  }

  onTestRunEnd(): void {
    clearInterval(this.#watch);
  }

  #hear(module: TestModule): void {
    if (this.#ended.has(keyOf(module))) return;
    const name = relative(module.project.config.root, module.moduleId);
    this.#heard.set(keyOf(module), { name, atMs: performance.now() });
  }

  /** The files that have not been heard of for too long. */
  stuck(nowMs = performance.now()): readonly string[] {
    return [...this.#heard.values()].filter(({ atMs }) => nowMs - atMs > answersWithinMs).map(({ name }) => name);
  }

  #look(): void {
    const vitest = this.#vitest;
    const stuck = this.stuck();
    if (vitest === undefined || stuck.length === 0) return;
    clearInterval(this.#watch);
    for (const name of stuck)
      process.stdout.write(`✗ ${name}: its process has not answered for ${Math.round(answersWithinMs / 1000)} s. The run ends here.\n`);
    const end = (): never => process.exit(1);
    setTimeout(end, closesWithinMs);
    endWorkers();
    void vitest.close().then(end, end);
  }
}

const keyOf = ({ moduleId, project }: TestModule): string => `${project.name} ${moduleId}`;
