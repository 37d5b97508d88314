import { expect } from 'vitest';
import { inProcess } from './in-process.ts';
import { noteSaid } from './raised-codes.ts';
import { asked } from './sqlite-file.ts';
import type { TestWorkspace } from './workspace.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** All that it printed. */
  readonly said: string;
}

/** Command lines in a workspace, in the process of the test. */
export function commandsIn(workspace: TestWorkspace, environment: Readonly<Record<string, string | undefined>> = {}) {
  const hygge = async (...args: readonly string[]): Promise<Ended> => {
    const ended = await inProcess(args, workspace.root, environment);
    noteSaid(ended);
    return { ...ended, said: ended.stdout + ended.stderr };
  };
  /** As programs read it. */
  const told = (...args: readonly string[]) => hygge(...args, '--output', 'json');
  const verify = (...args: readonly string[]) => hygge('verify', '--pause', '0s', ...args);
  return {
    hygge,
    told,
    verify,
    /** What it tells programs, once it has ended well. */
    well: async (...args: readonly string[]): Promise<string> => {
      const { code, said } = await told(...args);
      expect(code, said).toBe(0);
      return said;
    },
    /** A run that ends in an error in which this stands. */
    stops: async (by: string, ...args: readonly string[]): Promise<string> => {
      const { code, said } = await told('go', ...args);
      expect(said).toContain(by);
      expect(code).toBe(1);
      return said;
    },
    /** The answer of a comparison or a repair. */
    answerOf: async <T>(...args: readonly string[]): Promise<T & { readonly code: number }> => {
      const { code, stdout, stderr } = await verify('--output', 'json', ...args);
      expect(stdout, stderr).not.toBe('');
      return { code, ...(JSON.parse(stdout) as T) };
    },
    /** Rows of a file of SQLite there, by a program of its own. */
    sql: (file: string, ...statements: readonly string[]) => asked(workspace.path(file), ...statements).at(-1) ?? [],
  };
}
