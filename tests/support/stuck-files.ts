import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { endLeftovers } from './leftover-processes.ts';

/** Thirty times as long as the slowest file takes. */
const endsAfterMs = Number(process.env.HYGGE_TEST_ENDS_AFTER_MS ?? 1_800_000);

/** Ends the process of a file that takes too long, as one that spins does, and names the file: no limit of a test works in such a process. The other files go on. */
export default class StuckFiles implements Reporter {
  readonly #limits = new Map<string, NodeJS.Timeout>();
  #processes = '';

  onInit(): void {
    this.#processes = mkdtempSync(join(tmpdir(), 'hygge-test-files-'));
    // Of file-process.ts, in each process that vitest starts from now on.
    process.env.HYGGE_TEST_PROCESSES = this.#processes;
  }

  onTestModuleStart(module: TestModule): void {
    this.#limits.set(keyOf(module), setTimeout(() => this.#end(module), endsAfterMs).unref());
  }

  onTestModuleEnd(module: TestModule): void {
    clearTimeout(this.#limits.get(keyOf(module)));
  }

  onTestRunEnd(): void {
    rmSync(this.#processes, { recursive: true, force: true });
  }

  #end(module: TestModule): void {
    const name = relative(module.project.config.root, module.moduleId);
    process.stdout.write(
      `✗ ${name}: its process has not ended it after ${Math.round(endsAfterMs / 1000)} s and ends here. The other files continue.\n`,
    );
    endLeftovers(this.processesOf(module).map((pid) => ({ pid, command: name })));
  }

  /** Those that are at this file for its project: another project may run the same file at the same time, and that goes on. */
  processesOf(module: TestModule): readonly number[] {
    const pids = readdirSync(this.#processes).map(Number);
    return pids.filter((pid) => readFileSync(join(this.#processes, String(pid)), 'utf8') === keyOf(module));
  }
}

const keyOf = ({ moduleId, project }: TestModule): string => `${project.name} ${moduleId}`;
