import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ReportedHookContext, Reporter, TestCase, TestModule } from 'vitest/node';
import { endLeftovers } from './leftover-processes.ts';

/** Longer than the limit of a test or of a hook: within it, a process that still answers has said that one of them took too long. */
const answersWithinMs = Number(process.env.HYGGE_TEST_ANSWERS_WITHIN_MS ?? 900_000);

/** Ends the process of a file that answers no more, as one that spins does, and names the file: no limit of a test works in such a process. The other files go on. */
export default class StuckFiles implements Reporter {
  readonly #heard = new Map<string, { readonly module: TestModule; readonly atMs: number }>();
  /** Files that have ended. On a busy machine an event of a test comes after the end of its file. */
  readonly #ended = new Set<string>();
  #processes = '';
  #watch: NodeJS.Timeout | undefined;

  onInit(): void {
    this.#processes = mkdtempSync(join(tmpdir(), 'hygge-test-files-'));
    // Of file-process.ts, in each process that vitest starts from now on.
    process.env.HYGGE_TEST_PROCESSES = this.#processes;
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

  onHookStart({ entity }: ReportedHookContext): void {
    this.#hear(entity.type === 'module' ? entity : entity.module);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#ended.add(keyOf(module));
    this.#heard.delete(keyOf(module));
  }

  onTestRunEnd(): void {
    clearInterval(this.#watch);
    rmSync(this.#processes, { recursive: true, force: true });
  }

  #hear(module: TestModule): void {
    if (!this.#ended.has(keyOf(module))) this.#heard.set(keyOf(module), { module, atMs: performance.now() });
  }

  /** The files that have not been heard of for too long. */
  stuck(nowMs = performance.now()): readonly TestModule[] {
    return [...this.#heard.values()].filter(({ atMs }) => nowMs - atMs > answersWithinMs).map(({ module }) => module);
  }

  #look(): void {
    for (const module of this.stuck()) {
      const name = relative(module.project.config.root, module.moduleId);
      const seconds = Math.round(answersWithinMs / 1000);
      process.stdout.write(`✗ ${name}: its process has not answered for ${seconds} s and ends here. The other files go on.\n`);
      this.onTestModuleEnd(module);
      endLeftovers(this.processesOf(module).map((pid) => ({ pid, command: name })));
    }
  }

  /** Those that are at this file for its project: another project may run the same file at the same time, and that goes on. */
  processesOf(module: TestModule): readonly number[] {
    const pids = readdirSync(this.#processes).map(Number);
    return pids.filter((pid) => readFileSync(join(this.#processes, String(pid)), 'utf8') === keyOf(module));
  }
}

const keyOf = ({ moduleId, project }: TestModule): string => `${project.name} ${moduleId}`;
