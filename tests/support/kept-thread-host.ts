/** In a thread: one connection to SQLite after another, each as a thread of its own would serve it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { OpenRequest, Question, QuestionPort, serve as ServeConnection } from '../../src/databases/sqlite/thread.ts';
import { over } from './kept-threads.ts';

const { url } = workerData as { readonly url: string };
const { serve } = (await import(url)) as { readonly serve: typeof ServeConnection };

if (parentPort === null) throw new Error('this is a thread');
const port = parentPort;
/** Takes the questions of the connection that is open. */
let take: ((question: Question) => void) | undefined;

port.on('message', (message: OpenRequest | Question) => {
  if (!('as' in message)) return take?.(message);
  const connectionPort: QuestionPort = {
    on: (_, listener) => {
      take = listener;
    },
    postMessage: (answer, transfer) => port.postMessage(answer, transfer),
    close: () => port.postMessage(over),
  };
  serve(connectionPort, message);
});
