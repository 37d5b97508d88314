import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A module that serves, in a process of its own, and its first line. It ends with its standard input. Throws where it ends with anything but 0. */
export async function startServer(module: string, args: readonly string[]): Promise<{ readonly line: string } & AsyncDisposable> {
  const child = spawn(process.execPath, ['--max-old-space-size=4096', module, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'close').then(([code]) => {
    throw new Error(`the server ended with ${code}`);
  });
  gone.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), gone])) as [string];
  return {
    line: line.trim(),
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.stdin.end();
      const [code] = await closed;
      if (code !== 0) throw new Error(`the server ended with ${code}`);
    },
  };
}
