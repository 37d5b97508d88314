import { ProcessNetwork } from '../../adapters/process-network.ts';
import { StoppedAtQuestion, type StopSignal, type Stream, type Surroundings } from './surroundings.ts';

/** The surroundings of the real process. `flushed` resolves when all output has been written. */
export function surroundingsOfProcess(self: NodeJS.Process): Surroundings & { flushed(): Promise<void> } {
  const out = streamOf(self.stdout);
  const err = streamOf(self.stderr);
  return {
    directory: self.cwd(),
    program: startedBy(self.argv[1] ?? 'hygge'),
    environment: self.env,
    // The input is opened only when it is needed, since an open stream keeps the process alive.
    get input() {
      return self.stdin.isTTY ? undefined : self.stdin;
    },
    out,
    err,
    network: new ProcessNetwork(),
    ask: self.stdin.isTTY && self.stderr.isTTY ? (question, how) => ask(self, question, how) : undefined,
    onStop(listener) {
      const stop = (signal: NodeJS.Signals): void => listener(signal as StopSignal);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) self.on(signal, stop);
      return () => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) self.off(signal, stop);
      };
    },
    leave: (code) => self.exit(code),
    flushed: async () => {
      await Promise.all([out.flushed(), err.flushed()]);
    },
  };
}

/** The absolute path of the program that starts hygge from any shell. The program is next to the module. */
function startedBy(path: string): string {
  return path.replace(/(?<=[\\/])hygge\.mjs$/, 'hygge');
}

function streamOf(stream: NodeJS.WriteStream): Stream & { flushed(): Promise<void> } {
  let gone = false;
  // If the reader of the output closes the pipe, as in `hygge go | head`, the run continues.
  stream.on('error', () => {
    gone = true;
  });
  return {
    write(text) {
      if (!gone) stream.write(text);
    },
    async pour(pieces) {
      for await (const piece of pieces) {
        if (gone) return;
        await new Promise<void>((resolve) => stream.write(piece, () => resolve()));
      }
    },
    terminal: stream.isTTY === true,
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    flushed: () => new Promise((resolve) => (gone ? resolve() : stream.write('', () => resolve()))),
  };
}

async function ask(self: NodeJS.Process, question: string, how: 'unseen' | 'whole' | undefined): Promise<string> {
  const [{ createInterface }, { Writable }] = await Promise.all([import('node:readline/promises'), import('node:stream')]);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (how === 'unseen') self.stderr.write(question);
  const reader = createInterface({ input: self.stdin, output: how === 'unseen' ? nowhere : self.stderr, terminal: true });
  try {
    const answer = await reader.question(how === 'unseen' ? '' : question);
    if (how === 'unseen') self.stderr.write('\n');
    return answer;
  } catch (error) {
    // The person pressed Ctrl-C or Ctrl-D at the question. For a question of yes or no, this means no.
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    self.stderr.write('\n');
    if (how !== undefined) throw new StoppedAtQuestion();
    return '';
  } finally {
    reader.close();
  }
}
