// Questions about single flows: the one that is being typed, and the starred ones that are asked again after every run.
import { answerChange, standing, starredChange, type Standing } from '../ask-words';
import type { Engine } from '../session/engine';
import type { Answer, CatalogEntry } from '../session/types';
import type { Announcer } from './announcer';
import type { State } from './state';
import type { Store } from './store';

export type Answered = { question: string; run: number; answer: Answer | null; error: string | null };
/** A question that is to keep the answer it had when it was starred; `now` is its newest answer. */
export type Starred = { then: Answer; now: Answered };
export type AskState = {
  /** As it stands in the bar. */
  question: string;
  answered: Answered | null;
  starred: Starred[];
  /** What an end of a question can be called. */
  names: string[];
};

export const NOTHING_ASKED: AskState = { question: '', answered: null, starred: [], names: [] };

/** Typing pauses before a question is put, in milliseconds. */
const PAUSE = 120;
/** So many names are offered. */
const NAMES = 500;

export class Asking {
  private pause = 0;
  /** The question that typing has come to rest on. */
  private rested = '';
  private namesOf = -1;
  private working = false;
  private services: Promise<CatalogEntry[]> | undefined;
  /** What screen readers know. */
  private told = { answer: '', starred: new Map<string, Standing>() };

  constructor(
    private readonly store: Store<State>,
    private readonly engine: Engine,
    private readonly announcer: Announcer,
  ) {}

  /** The question in the bar changed. */
  type(question: string): void {
    clearTimeout(this.pause);
    this.put({ question, ...(question.trim() ? {} : { answered: null }) });
    this.pause = window.setTimeout(() => this.rest(), PAUSE);
  }

  /** Puts the question at once. */
  now(question: string): void {
    this.type(question);
    clearTimeout(this.pause);
    this.rest();
  }

  /** Keeps the answer as something that must stay so, or lets go of it. */
  star(answered: Answered): void {
    const { starred } = this.state;
    const { question, answer } = answered;
    if (starred.some(each => each.now.question === question)) return this.unstar(question);
    if (answer) this.put({ starred: [...starred, { then: answer, now: answered }] });
  }

  unstar(question: string): void {
    this.put({ starred: this.state.starred.filter(each => each.now.question !== question) });
  }

  /** A new result is shown: everything is asked again. */
  refresh(): void {
    void this.work();
  }

  /** Another review begins. */
  forget(): void {
    clearTimeout(this.pause);
    this.rested = '';
    this.namesOf = -1;
    this.told = { answer: '', starred: new Map() };
  }

  /** What commonly listens where, for completion. */
  catalog(): Promise<CatalogEntry[]> {
    const fetch = () => this.engine.ask('catalog', '').then(({ entries }) => entries);
    this.services ??= fetch().catch(() => {
      this.services = undefined;
      return [];
    });
    return this.services;
  }

  private get state(): AskState {
    return this.store.state.asking;
  }

  private put(change: Partial<AskState>): void {
    this.store.set({ asking: { ...this.state, ...change } });
  }

  private rest(): void {
    this.rested = plain(this.state.question);
    void this.work();
  }

  /** Answers whatever has no answer from the shown run yet, one question at a time, so that slow ones never pile up. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      for (let next = this.next(); next; next = this.next()) await next();
    } catch {
      // The worker was ended meanwhile; the run that comes asks again.
    }
    this.working = false;
  }

  /** The typed question, then the starred ones, then the names. */
  private next(): (() => Promise<void>) | null {
    const { shown: run, result, lastGood, detached } = this.store.state;
    // The session knows only the newest text, not the result that is still shown from before it.
    if (!result || lastGood || detached) return null;
    const { answered, starred } = this.state;
    if (this.rested && (answered?.question !== this.rested || answered.run !== run)) return () => this.answerTyped(this.rested, run);
    const due = starred.find(({ now }) => now.run !== run);
    if (due) return () => this.answerStarred(due.now.question, run);
    if (this.namesOf !== run) return () => this.fetchNames(run);
    return null;
  }

  private async answerTyped(question: string, run: number): Promise<void> {
    const reply = await this.engine.ask('ask', question);
    if (question !== this.rested) return;
    const answered = { question, run, ...reply };
    this.put({ answered });
    this.announcer.later('answer', () => {
      const said = answerChange(this.told.answer, answered);
      this.told.answer = said ?? this.told.answer;
      return said ?? '';
    });
  }

  private async answerStarred(question: string, run: number): Promise<void> {
    const reply = await this.engine.ask('ask', question);
    this.put({ starred: this.state.starred.map(each => (each.now.question === question ? { ...each, now: { question, run, ...reply } } : each)) });
    this.announcer.later('starred', () => {
      const { starred } = this.state;
      const said = starredChange(this.told.starred, starred);
      this.told.starred = new Map(starred.map(each => [each.now.question, standing(each)]));
      return said;
    });
  }

  private async fetchNames(run: number): Promise<void> {
    this.namesOf = run;
    this.put({ names: (await this.engine.ask('names', NAMES)) ?? [] });
  }
}

/** A question without the blanks that do not matter. */
const plain = (question: string): string => question.trim().replace(/\s+/g, ' ');
