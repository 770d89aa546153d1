// The module's code, with what is alike side by side: all opcodes, all numbers of locals, all constants, and so on, each in a
// stream of its own. Compressors look for what repeats, and between its operands no code does; apart they take a fifteenth less.
// One walk goes both ways: it copies every part of an instruction from where it stands to where it belongs. What instructions
// are made of is the WebAssembly specification's (binary format, 2.0).

/** Bytes that are read or written from one end. */
class Tape {
  at = 0;
  constructor(public bytes: Uint8Array) {}

  next(): number {
    return this.bytes[this.at++] ?? 0;
  }

  push(byte: number): void {
    if (this.at === this.bytes.length) {
      const longer = new Uint8Array(Math.max(1024, this.bytes.length * 2));
      longer.set(this.bytes);
      this.bytes = longer;
    }
    this.bytes[this.at++] = byte;
  }

  /** An unsigned number in LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.next();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  pushNumber(value: number): void {
    for (; value > 0x7f; value >>>= 7) this.push((value & 0x7f) | 0x80);
    this.push(value);
  }

  /** Puts a number before everything from `start` on. */
  insertNumber(start: number, value: number): void {
    let length = 1;
    for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++;
    const end = this.at;
    for (let left = length; left > 0; left--) this.push(0);
    this.bytes.copyWithin(start + length, start, end);
    this.at = start;
    this.pushNumber(value);
    this.at = end + length;
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }
}

const enum Stream {
  /** What stands between the functions. */
  Rest,
  Opcode,
  Local,
  Set,
  Global,
  Call,
  Table,
  I32,
  I64,
  Float,
  Align,
  Offset,
  Block,
  Branch,
  Declared,
  Vector,
}
const STREAMS = 16;

const CODE_SECTION = 10;
/** How many numbers follow `0xfc`, by the number behind it. */
const BULK = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** The way through a module, from some tapes to others, by stream. */
class Walk {
  constructor(
    private readonly from: Tape[],
    private readonly to: Tape[],
    /** The one tape that holds all of the module. */
    private readonly whole: Tape,
  ) {}

  module(length: number): void {
    this.bytes(Stream.Rest, 8);
    while (this.whole.at < length) {
      const section = this.byte(Stream.Rest);
      const size = this.number(Stream.Rest);
      if (section !== CODE_SECTION) this.bytes(Stream.Rest, size);
      else for (let left = this.number(Stream.Rest); left > 0; left--) this.body(length);
    }
  }

  /** A function. Its length is not copied, since it follows from the rest. */
  private body(length: number): void {
    const reads = this.from[Stream.Rest] === this.whole;
    if (reads) this.whole.number();
    const start = this.whole.at;
    for (let groups = this.number(Stream.Declared); groups > 0; groups--) {
      this.number(Stream.Declared);
      this.byte(Stream.Declared);
    }
    for (let depth = 1; depth > 0; ) {
      if (this.whole.at > length) throw new RangeError('the module breaks off');
      depth += this.instruction();
    }
    if (!reads) this.whole.insertNumber(start, this.whole.at - start);
  }

  /** An instruction; by how much it opens or closes blocks. */
  private instruction(): number {
    const opcode = this.byte(Stream.Opcode);
    if (opcode === 0x20) this.number(Stream.Local);
    else if (opcode === 0x21 || opcode === 0x22) this.number(Stream.Set);
    else if (opcode === 0x41) this.number(Stream.I32);
    else if (opcode >= 0x28 && opcode <= 0x3e) this.memory();
    else if (opcode === 0x0b) return -1;
    else if (opcode >= 0x02 && opcode <= 0x04) {
      this.number(Stream.Block);
      return 1;
    } else if (opcode === 0x0c || opcode === 0x0d) this.number(Stream.Branch);
    else if (opcode === 0x10 || opcode === 0xd2) this.number(Stream.Call);
    else if (opcode === 0x0e) for (let left = this.number(Stream.Branch) + 1; left > 0; left--) this.number(Stream.Branch);
    else if (opcode === 0x11) this.numbers(Stream.Table, 2);
    else if (opcode === 0x1c) this.bytes(Stream.Rest, this.number(Stream.Rest));
    else if (opcode === 0x23 || opcode === 0x24) this.number(Stream.Global);
    else if (opcode === 0x25 || opcode === 0x26) this.number(Stream.Table);
    else if (opcode === 0x3f || opcode === 0x40 || opcode === 0xd0) this.byte(Stream.Rest);
    else if (opcode === 0x42) this.number(Stream.I64);
    else if (opcode === 0x43) this.bytes(Stream.Float, 4);
    else if (opcode === 0x44) this.bytes(Stream.Float, 8);
    else if (opcode === 0xfc) this.numbers(Stream.Table, BULK[this.number(Stream.Opcode)] ?? 0);
    else if (opcode === 0xfd) this.vector(this.number(Stream.Opcode));
    return 0;
  }

  private vector(opcode: number): void {
    const lane = opcode >= 84 && opcode <= 91;
    if (opcode <= 11 || opcode === 92 || opcode === 93 || lane) this.memory();
    if (opcode === 12 || opcode === 13) this.bytes(Stream.Vector, 16);
    if (lane || (opcode >= 21 && opcode <= 34)) this.byte(Stream.Vector);
  }

  private memory(): void {
    this.number(Stream.Align);
    this.number(Stream.Offset);
  }

  private byte(stream: Stream): number {
    const byte = this.from[stream]!.next();
    this.to[stream]!.push(byte);
    return byte;
  }

  private bytes(stream: Stream, count: number): void {
    for (let left = count; left > 0; left--) this.byte(stream);
  }

  private number(stream: Stream): number {
    const from = this.from[stream]!;
    const to = this.to[stream]!;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = from.next();
      to.push(byte);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  private numbers(stream: Stream, count: number): void {
    for (let left = count; left > 0; left--) this.number(stream);
  }
}

/** The streams of a module, with their lengths before them. */
export function apart(module: Uint8Array): Uint8Array {
  const whole = new Tape(module);
  const streams = Array.from({ length: STREAMS }, () => new Tape(new Uint8Array(0)));
  new Walk(Array<Tape>(STREAMS).fill(whole), streams, whole).module(module.length);
  const out = new Tape(new Uint8Array(0));
  out.pushNumber(module.length);
  for (const stream of streams) out.pushNumber(stream.at);
  for (const stream of streams) for (const byte of stream.written()) out.push(byte);
  return out.written();
}

/** The module out of its streams. */
export function together(parts: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Tape(parts);
  const length = head.number();
  const lengths = Array.from({ length: STREAMS }, () => head.number());
  let from = head.at;
  const streams = lengths.map(own => new Tape(parts.subarray(from, (from += own))));
  const bytes = new Uint8Array(length);
  const whole = new Tape(bytes);
  new Walk(streams, Array<Tape>(STREAMS).fill(whole), whole).module(length);
  return bytes;
}
