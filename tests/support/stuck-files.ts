import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { endWorkers } from './leftover-processes.ts';

/** Longer than the limit of any test or hook: within it, a process that still answers has said that one of them took too long. */
const answersWithinMs = Number(process.env.HYGGE_TEST_ANSWERS_WITHIN_MS ?? 900_000);
const closesWithinMs = Math.min(60_000, answersWithinMs);

/** Ends a run in which the process of a file answers no more, as one that spins does, and names the file. No limit of a test works in such a process. */
export default class StuckFiles implements Reporter {
  readonly #heard = new Map<string, { readonly name: string; readonly atMs: number }>();
  #vitest: Vitest | undefined;
  #watch: NodeJS.Timeout | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#watch = setInterval(() => this.#look(), Math.min(10_000, answersWithinMs)).unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.#hear(module);
  }

  onTestCaseReady({ module }: TestCase): void {
    this.#hear(module);
  }

  onTestCaseResult({ module }: TestCase): void {
    this.#hear(module);
  }

  onTestModuleEnd({ moduleId, project }: TestModule): void {
    this.#heard.delete(`${project.name} ${moduleId}`);
  }

  onTestRunEnd(): void {
    clearInterval(this.#watch);
  }

  #hear({ moduleId, project }: TestModule): void {
    const name = relative(project.config.root, moduleId);
    this.#heard.set(`${project.name} ${moduleId}`, { name, atMs: performance.now() });
  }

  #look(): void {
    const vitest = this.#vitest;
    const stuck = [...this.#heard.values()].filter(({ atMs }) => performance.now() - atMs > answersWithinMs);
    if (vitest === undefined || stuck.length === 0) return;
    clearInterval(this.#watch);
    for (const { name } of stuck)
      process.stdout.write(`✗ ${name}: its process has not answered for ${Math.round(answersWithinMs / 1000)} s. The run ends here.\n`);
    const end = (): never => process.exit(1);
    setTimeout(end, closesWithinMs);
    endWorkers();
    void vitest.close().then(end, end);
  }
}
