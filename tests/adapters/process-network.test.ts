import { expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { stepWaiting } from '../../src/ports/retry.ts';
import { defaultCredential } from '../../src/remote/azure/credential.ts';
import { Sender } from '../../src/remote/sender.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** So many requests are under way to each account that the senders are for, when each has been given more than it may send. */
async function underWay(...senders: readonly Sender[]): Promise<number> {
  let going = 0;
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const ask = async (): Promise<void> => {
    going++;
    await over;
  };
  const judge = (error: unknown): never => {
    throw error;
  };
  const all = senders.flatMap((sender) => Array.from({ length: 60 }, () => sender.send({}, ask, judge)));
  await turn();
  end();
  const most = going;
  await Promise.all(all);
  return most;
}

test('callers of one account in this process wait behind the same limit; another account, or process, has its own', async () => {
  expect(stepWaiting()).toBeUndefined();
  const [one, other] = [new ProcessNetwork(), new ProcessNetwork()];
  expect(await underWay(new Sender(one, 'https://a'), new Sender(one, 'https://a'))).toBe(48);
  expect(await underWay(new Sender(one, 'https://a'), new Sender(one, 'https://b'))).toBe(96);
  expect(await underWay(new Sender(one, 'https://a'), new Sender(other, 'https://a'))).toBe(96);
});

test('what is kept is made once for each kind and key, and again when making it failed', async () => {
  await using network = new ProcessNetwork();
  let made = 0;
  const make = async () => {
    if (++made === 1) throw new Error('not yet');
    return made;
  };
  await expect(network.kept('numbers', 'a', make)).rejects.toThrow('not yet');
  expect(await Promise.all([network.kept('numbers', 'a', make), network.kept('numbers', 'a', make)])).toEqual([2, 2]);
  expect(await network.kept('numbers', 'b', make)).toBe(3);
  expect(await network.kept('others', 'a', make)).toBe(4);
});

test('what can be disposed of goes with it', async () => {
  const gone: string[] = [];
  {
    await using network = new ProcessNetwork();
    network.kept('clients', 'a', () => ({ [Symbol.dispose]: () => void gone.push('a') }));
    network.kept('facts', 'b', () => true);
    expect(gone).toEqual([]);
  }
  expect(gone).toEqual(['a']);
});

test('tokens of an identity are of one process', async () => {
  const [one, other] = [new ProcessNetwork(), new ProcessNetwork()];
  expect(await defaultCredential(one, 'a', null)).toBe(await defaultCredential(one, 'a', null));
  expect(await defaultCredential(one, 'a', null)).not.toBe(await defaultCredential(other, 'a', null));
});
