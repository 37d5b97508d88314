import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** Statements, by the server's own client: what it prints, with tabs between columns, a line a row, no heading. Disposing ends the clients that wait. */
export interface Clients extends AsyncDisposable {
  ask(text: string, at: { readonly database: string; readonly account: readonly string[] }): Promise<string>;
}

/** A client that waits for statements, signed in as one account. */
interface Client {
  readonly account: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** Takes what it prints from now on, and says when it ends. */
  hear(stream: 'out' | 'problem' | 'end', chunk: string): void;
}

interface Stays {
  /** Whether clients stay for the next text. */
  readonly stays: boolean;
  /** What makes a client take its own commands from a file. */
  readonly more: readonly string[];
}

const batch = ['--batch', '--skip-column-names', '--quick'];

/**
 * Clients of one database. A client starts in 10 to 25 ms of processor time, more than most statements take, so it stays and signs in anew between two texts: each
 * text has a session of its own all the same. Statements after an error do not run, and the client ends with it, as it does of a file.
 */
export function mariadbClients(program: string, way: readonly string[], { stays, more }: Stays): Clients {
  const idle: Client[] = [];
  const started = ({ database, account }: Parameters<Clients['ask']>[1]): Client => {
    const words = [...way, ...account, ...batch, '--unbuffered', ...more, `--database=${database}`];
    const child = spawn(program, words);
    const client: Client = { account: account.join('\0'), child, hear: () => undefined };
    for (const [name, stream] of [
      ['out', child.stdout],
      ['problem', child.stderr],
    ] as const)
      stream.setEncoding('utf8').on('data', (chunk: string) => client.hear(name, chunk));
    child.on('error', (error) => client.hear('problem', String(error)));
    child.on('close', () => client.hear('end', ''));
    // It ends at an error, with statements unread.
    child.stdin.on('error', () => undefined);
    return client;
  };
  const staying = (text: string, at: Parameters<Clients['ask']>[1]): Promise<string> => {
    const account = at.account.join('\0');
    const known = idle.findIndex((client) => client.account === account);
    const client = idle.splice(known, known < 0 ? 0 : 1)[0] ?? started(at);
    const mark = randomBytes(12).toString('hex');
    return new Promise((resolve, reject) => {
      let [out, problem] = ['', ''];
      client.hear = (stream, chunk) => {
        if (stream === 'problem') problem += chunk;
        if (stream === 'end') reject(new Error(withoutWarnings(problem) || `the client ended after\n${text}`));
        if (stream !== 'out') return;
        out += chunk;
        if (!out.endsWith(`${mark}\n`)) return;
        client.hear = (what) => {
          if (what === 'end') idle.splice(idle.indexOf(client), 1);
        };
        idle.push(client);
        resolve(out.slice(0, -mark.length - 1));
      };
      // The session ends before the answer is given, with its locks and its temporary tables. The text may have dropped the database.
      client.child.stdin.write(`\\r ${at.database}\n${text}\n;\n\\r information_schema\nselect '${mark}';\n`);
    });
  };
  const once = (text: string, { database, account }: Parameters<Clients['ask']>[1]): Promise<string> =>
    new Promise((resolve, reject) => {
      const words = [...way, ...account, ...batch, `--database=${database}`];
      const client = execFile(program, words, { maxBuffer: 1 << 30 }, (error, out, problem) =>
        error ? reject(new Error(withoutWarnings(problem) || error.message)) : resolve(out),
      );
      client.stdin?.end(text);
    });
  return {
    // Another end of statements would stay.
    ask: (text, at) => (stays && !/\bdelimiter\b/i.test(text) ? staying(text, at) : once(text, at)),
    async [Symbol.asyncDispose]() {
      await Promise.all(idle.splice(0).map(({ child }) => new Promise((resolve) => child.once('close', resolve).stdin.end())));
    },
  };
}

const withoutWarnings = (problem: string): string => problem.replace(/^.*\[Warning\].*\n/gm, '').trim();
