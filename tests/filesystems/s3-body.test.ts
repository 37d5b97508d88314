import { describe, expect, test } from 'vitest';
import { received } from '../../src/filesystems/s3/body.ts';
import { streamOf, text } from './s3-lake.ts';

describe('the body of an answer', () => {
  test('fills the memory that it is given, when it is large enough', async () => {
    const into = new Uint8Array(8);
    const body = await received(streamOf('hal', 'lo'), 5, into);
    expect([text(body), body.buffer]).toEqual(['hallo', into.buffer]);
    expect(text(await received(streamOf('hallo'), 5, new Uint8Array(4)))).toBe('hallo');
  });

  test('comes whole when its length was not announced', async () => {
    expect(text(await received(streamOf('hal', 'lo'), undefined))).toBe('hallo');
  });

  test.each([
    ['ends too early', streamOf('hal'), 5],
    ['continues after its end', streamOf('hallo', '!'), 5],
  ])('that %s is not an answer at all, so it is asked for again', async (_, body, announced) => {
    await expect(received(body, announced)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('that is not what was written is asked for again', async () => {
    const damaged = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(5);
      throw new Error('Checksum mismatch: expected "AAAA==" but received "BBBB==" in response header "x-amz-checksum-crc32".');
    };
    await expect(received(damaged(), 5)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
