// Runs reviews in the worker. A newer review cancels an older one: its result is dropped by its run number, and a run
// that does not end soon is stopped by ending its worker; the next worker gets the same compiled module.
import { countingLines, type LineIndex } from '../source/lines';
import { compileModule, newWorker } from './assets';
import type { Assumed, FromWorker, Question, Questions, Result, ToWorker, Wanted } from './protocol';
import type { Example, Tool } from './types';

/** How long a superseded run may go on before its worker is ended, in milliseconds. */
const PATIENCE = 250;
/** Reading a file is about this much of the whole, the rest is judging. */
const READING = 0.4;

/** A document to review: its text, or the file that holds it. */
export type Input = { key: number; name: string; body: string | Blob };
export type Job = { run: number; inputs: Input[]; /** What they are compared with. */ before?: Input[]; assumed: Assumed; /** The day on which approvals have to hold. */ today?: string | null; wanted: Wanted };
/** Where the lines of the files begin, by the keys of their documents. */
export type Lines = ReadonlyMap<number, LineIndex>;

export type Listener = {
  ready?(examples: Example[], tool: Tool): void;
  progress?(run: number, part: number): void;
  done(run: number, result: Result, lines: Lines): void;
  failed(run: number | null, message: string): void;
  requests(made: number, blocked: number): void;
};

type Pending = { resolve(value: unknown): void; reject(reason: Error): void };

export class Engine {
  private module: WebAssembly.Module | undefined;
  private worker: Worker | undefined;
  private ready = false;
  private current: { job: Job; since: number; lines: Map<number, LineIndex> } | undefined;
  private waiting: Job | undefined;
  private impatience = 0;
  private asked = new Map<number, Pending>();
  private questions = 0;
  private ledgers = new Map<Worker, [number, number]>();

  constructor(private readonly on: Listener) {}

  async start(): Promise<void> {
    try {
      this.module = await compileModule();
      this.spawn();
    } catch (error) {
      this.on.failed(null, `this browser can't run the analysis (${String(error)}): use a current browser that allows WebAssembly`);
    }
  }

  /** Asks for a review; whatever was under way or waiting no longer matters. */
  review(job: Job): void {
    this.waiting = job;
    this.pump();
  }

  /** Stops what is under way. The results of earlier reviews go with the worker that held them. */
  cancel(): void {
    this.waiting = undefined;
    if (this.current) this.restart();
  }

  /** Puts a question to the session of the last finished review. */
  ask<Q extends Question>(question: Q, ...args: Parameters<Questions[Q]>): Promise<ReturnType<Questions[Q]>> {
    const id = ++this.questions;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve: value => resolve(value as ReturnType<Questions[Q]>), reject });
      this.send({ kind: 'ask', id, question, args });
    });
  }

  private spawn(): void {
    const worker = newWorker();
    this.worker = worker;
    this.ready = false;
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.hear(worker, event.data);
    worker.onerror = event => this.fail(null, event.message);
    if (this.module) this.send({ kind: 'init', module: this.module });
  }

  private restart(): void {
    clearTimeout(this.impatience);
    this.impatience = 0;
    this.worker?.terminate();
    this.current = undefined;
    for (const { reject } of this.asked.values()) reject(new Error('the analysis was stopped'));
    this.asked.clear();
    this.spawn();
  }

  private send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker?.postMessage(message, transfer);
  }

  private pump(): void {
    if (!this.ready || !this.waiting) return;
    if (this.current) {
      const left = PATIENCE - (performance.now() - this.current.since);
      this.impatience ||= window.setTimeout(() => this.restart(), Math.max(0, left));
      return;
    }
    const job = this.waiting;
    this.waiting = undefined;
    this.current = { job, since: performance.now(), lines: new Map() };
    void this.deliver(job);
  }

  /** Hands a review's documents over, and asks for the verdict. */
  private async deliver(job: Job): Promise<void> {
    const { run, inputs, before: earlier = [], assumed, today = null, wanted } = job;
    const all = [...earlier, ...inputs];
    const files = all.reduce((sum, { body }) => sum + (typeof body === 'string' ? 0 : body.size), 0);
    let before = 0;
    this.send({ kind: 'begin', assumed, today });
    for (const [n, input] of all.entries()) {
      const { name, body } = input;
      if (n === earlier.length && n > 0) this.send({ kind: 'before', run });
      if (typeof body === 'string') {
        this.send({ kind: 'document', name, size: body.length });
        this.send({ kind: 'text', text: body });
        continue;
      }
      const told = (read: number) => this.on.progress?.(run, (READING * (before + read)) / files);
      if (!(await this.stream(job, input, body, told))) return;
      before += body.size;
    }
    this.send({ kind: 'review', run, wanted });
  }

  /** Files are read here and their chunks handed over: not every browser lets a worker made from a blob read files. Says whether
   * the job still stands. */
  private async stream(job: Job, { key, name }: Input, blob: Blob, told: (read: number) => void): Promise<boolean> {
    const still = () => this.current?.job === job;
    const lines = countingLines();
    this.send({ kind: 'document', name, size: blob.size });
    let read = 0;
    try {
      for (let reader = blob.stream().getReader(); ; ) {
        const { done, value } = await reader.read();
        if (!still()) return void reader.cancel(), false;
        if (done) break;
        read += value.length;
        lines.add(value);
        this.send({ kind: 'chunk', bytes: value }, [value.buffer]);
        told(read);
      }
    } catch (error) {
      if (!still()) return false;
      this.current = undefined;
      this.on.failed(job.run, `${name} could not be read (${String(error)}): open it again`);
      this.pump();
      return false;
    }
    this.current?.lines.set(key, lines.index());
    return true;
  }

  private hear(worker: Worker, message: FromWorker): void {
    if (message.kind === 'requests') {
      this.ledgers.set(worker, [message.made, message.blocked]);
      const sum = (n: 0 | 1) => [...this.ledgers.values()].reduce((total, counts) => total + counts[n], 0);
      return this.on.requests(sum(0), sum(1));
    }
    if (worker !== this.worker) return;
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        this.on.ready?.(message.examples, message.tool);
        if (!this.waiting) this.send({ kind: 'warm' });
        this.pump();
        break;
      case 'progress':
        if (this.current?.job.run === message.run) {
          const { before: earlier = [], inputs } = this.current.job;
          const before = [...earlier, ...inputs].every(({ body }) => typeof body === 'string') ? 0 : READING;
          this.on.progress?.(message.run, before + (1 - before) * message.part);
        }
        break;
      case 'done': {
        const ended = this.current;
        this.current = undefined;
        clearTimeout(this.impatience);
        this.impatience = 0;
        if (ended && !this.waiting) this.on.done(message.run, message.result, ended.lines);
        this.pump();
        break;
      }
      case 'answer':
        this.asked.get(message.id)?.resolve(message.value);
        this.asked.delete(message.id);
        break;
      case 'failed':
        this.fail(message.run, message.message);
        break;
    }
  }

  private fail(run: number | null, message: string): void {
    // A worker that never came up would not come up the second time either.
    if (!this.ready) return this.on.failed(null, `the analysis could not start (${message}): reload the page, or use a current browser`);
    this.restart();
    this.on.failed(run, `the analysis stopped at an error of its own (${message}): what you pasted is still here, change it or reload`);
    this.pump();
  }
}
