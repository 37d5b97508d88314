import { once } from 'node:events';
import { Duplex } from 'node:stream';

/** Kinds of messages. */
export const kinds = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  attention: 0x06,
  bulk: 0x07,
  login: 0x10,
  prelogin: 0x12,
} as const;

export interface Message {
  readonly kind: number;
  readonly body: Buffer;
  /** Its sender took it back before its end. */
  readonly ignored: boolean;
  /** The client wants its session as new, before this. */
  readonly reset: boolean;
}

const header = 8;

/** Puts the packets of a connection together again. */
export class Packets {
  #left: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #reset = false;

  /** Whether the next byte begins a packet. */
  get isEmpty(): boolean {
    return this.#left.length === 0;
  }

  /** The messages that this chunk completes. */
  *take(chunk: Buffer): Iterable<Message> {
    let left = this.#left.length > 0 ? Buffer.concat([this.#left, chunk]) : chunk;
    while (left.length >= header && left.length >= left.readUInt16BE(2)) {
      const [kind, status, length] = [left.readUInt8(0), left.readUInt8(1), left.readUInt16BE(2)];
      if (length < header) throw new RangeError('A packet is shorter than its own header');
      this.#parts.push(left.subarray(header, length));
      this.#reset ||= (status & 0x18) !== 0;
      left = left.subarray(length);
      if ((status & 1) === 0) continue;
      const body = Buffer.concat(this.#parts);
      const reset = this.#reset;
      this.#parts = [];
      this.#reset = false;
      yield { kind, body, ignored: (status & 2) !== 0, reset };
    }
    this.#left = left.length > 0 ? Buffer.from(left) : left;
  }
}

function packet(kind: number, body: Buffer, { number, last }: { readonly number: number; readonly last: boolean }): Buffer {
  const head = Buffer.from([kind, last ? 1 : 0, 0, 0, 0, 51, number & 0xff, 0]);
  head.writeUInt16BE(body.length + header, 2);
  return Buffer.concat([head, body]);
}

/** One message on its way out, in packets of the size that the client asked for. */
export class Sending {
  readonly #to: Duplex;
  readonly #kind: number;
  readonly #size: number;
  #left: Buffer = Buffer.alloc(0);
  #number = 0;
  #sent: Promise<void> = Promise.resolve();

  constructor(to: Duplex, size: number, kind: number = kinds.answer) {
    this.#to = to;
    this.#size = size - header;
    this.#kind = kind;
  }

  /** Waits while the client does not read. */
  async write(bytes: Buffer): Promise<void> {
    const left = this.#left.length > 0 ? Buffer.concat([this.#left, bytes]) : bytes;
    const packets: Buffer[] = [];
    let at = 0;
    for (; left.length - at > this.#size; at += this.#size) {
      packets.push(packet(this.#kind, left.subarray(at, at + this.#size), { number: ++this.#number, last: false }));
    }
    this.#left = left.subarray(at);
    if (packets.length > 0) await this.#send(Buffer.concat(packets));
  }

  /** Sends what is there, as a packet that is not the last, and waits until it is on its way. */
  async flush(): Promise<void> {
    const bytes = this.#left;
    this.#left = Buffer.alloc(0);
    if (bytes.length > 0) await this.#send(packet(this.#kind, bytes, { number: ++this.#number, last: false }));
    await this.#sent;
  }

  async end(): Promise<void> {
    await this.#send(packet(this.#kind, this.#left, { number: ++this.#number, last: true }));
  }

  async #send(bytes: Buffer): Promise<void> {
    if (this.#to.destroyed) throw new Error('The client is gone');
    let free = true;
    this.#sent = new Promise((done) => {
      free = this.#to.write(bytes, () => done());
    });
    if (free) return;
    const gone = new AbortController();
    const closed = once(this.#to, 'close', { signal: gone.signal });
    closed.catch(() => undefined);
    await Promise.race([once(this.#to, 'drain', { signal: gone.signal }), closed]).finally(() => gone.abort());
  }
}

/**
 * What TLS runs over when it begins inside of TDS: its handshake travels in PRELOGIN packets. The client's first bytes without them end that, in both directions.
 */
export function handshakeInPackets(socket: Duplex): Duplex {
  let raw = false;
  const packets = new Packets();
  const inner = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _, done) {
      if (!raw) socket.write(packet(kinds.prelogin, chunk, { number: 1, last: true }), done);
      else socket.write(chunk, done);
    },
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  let between = true;
  const pass = (chunk: Buffer): void => {
    if (!inner.push(chunk)) socket.pause();
  };
  socket.on('data', (chunk: Buffer) => {
    raw ||= between && chunk[0] !== kinds.prelogin;
    if (raw) return pass(chunk);
    for (const { body } of packets.take(chunk)) pass(body);
    between = packets.isEmpty;
  });
  socket.on('end', () => inner.push(null));
  socket.on('close', () => inner.destroy());
  socket.on('error', () => inner.destroy());
  return inner;
}
