/**
 * Which changes of one domain somebody who may decide may lack.
 *
 *   An object's change is  read       seen; not in the leader's book yet
 *                          waiting    in the book; somebody who may decide lacks it
 *                          effective  everybody who may decide has it. Stays so; the status of the object remembers it per
 *                                     generation, for leaders to come
 *
 *   read -> waiting (`publications.publish`) -> effective (`settle`) -> forgotten (`latched`, or the object went)
 *   A later change of the same object takes the place of an earlier one.
 */
import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import {
  type NamedObject,
  type ObjectKey,
  objectKey,
  parseObjectKey,
} from "../../engine/model/references.ts";
import { Publications } from "./publications.ts";

/** A change that was read. */
export interface Change {
  /** On the monotonic clock. */
  readonly since: number;
  /** In which publication it is; undefined: in none yet. */
  readonly publication: number | undefined;
  /** It is not the object that changed, but what it needs to count. */
  readonly isRestart: boolean;
}

/** A change that is in a publication. */
export interface WaitingChange {
  readonly publication: number;
  readonly key: ObjectKey;
  readonly since: number;
}

/** What came to be effective. */
export interface Settled {
  readonly objects: readonly NamedObject[];
  /** Those who waited for all that was read up to some instant. */
  readonly barriers: readonly (() => void)[];
}

export class DomainChanges {
  readonly publications = new Publications();
  readonly #changes = new Map<ObjectKey, { -readonly [K in keyof Change]: Change[K] }>();
  /** The oldest first. */
  #waiting: WaitingChange[] = [];
  #barriers: { readonly publication: number; readonly then: () => void }[] = [];
  #reached = 0;

  /** Everybody has the publications up to this number. */
  get reached(): number {
    return this.#reached;
  }

  /** The oldest first. */
  get waiting(): readonly WaitingChange[] {
    return this.#waiting;
  }

  /** The last change of an object, if it is not forgotten. */
  of(key: ObjectKey): Change | undefined {
    return this.#changes.get(key);
  }

  /** Whether everybody has the last change of an object. */
  isEffective(key: ObjectKey): boolean {
    const change = this.#changes.get(key);
    return change === undefined || (change.publication !== undefined && change.publication <= this.#reached);
  }

  /**
   * Takes note of an object as it is now, before that is published.
   *
   * @param isDone whether it is known to be effective already
   * @param now on the monotonic clock
   */
  read({ kind, metadata }: SidegateObject, isDone: boolean, now: number): void {
    const { name, resourceVersion = "0" } = metadata;
    const key = objectKey(kind, name);
    const onPublished = isDone ? () => {} : this.#track(key, false, now);
    this.publications.read({ key, kind, resourceVersion, isBeyond: false, onPublished });
  }

  /** Takes note that an object is gone. @param position how far its kind has been published */
  gone(kind: Kind, name: string, position: string): void {
    this.#changes.delete(objectKey(kind, name));
    this.publications.read({ kind, resourceVersion: position, isBeyond: true, onPublished: () => {} });
  }

  /** The status of an object says that it is effective. */
  latched(key: ObjectKey): void {
    if (this.isEffective(key)) this.#changes.delete(key);
  }

  /** Begins anew with an object that has not changed. @returns false: it had begun anew already */
  restart(key: ObjectKey, now: number): boolean {
    if (this.#changes.get(key)?.isRestart) return false;
    this.publications.barrier(this.#track(key, true, now));
    return true;
  }

  /** What `restart` began is not waited for. */
  withdraw(key: ObjectKey): void {
    const change = this.#changes.get(key);
    if (change?.isRestart) this.#changes.set(key, { ...change, isRestart: false });
  }

  /** Has `then` among those who are settled once all that was read by now is effective. */
  barrier(then: () => void): void {
    this.publications.barrier((publication) => void this.#barriers.push({ publication, then }));
  }

  /** Says that everybody has the publications up to this number, or up to a higher one that was named before. */
  settle(number: number): Settled {
    const reached = Math.max(this.#reached, number);
    this.#reached = reached;
    this.publications.settle(reached);
    const passed = this.#barriers.filter(({ publication }) => publication <= reached);
    this.#barriers = this.#barriers.filter(({ publication }) => publication > reached);
    const open = this.#waiting.findIndex(({ publication }) => publication > reached);
    const done = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    return { objects: done.map(({ key }) => parseObjectKey(key)), barriers: passed.map(({ then }) => then) };
  }

  #track(key: ObjectKey, isRestart: boolean, since: number): (publication: number) => void {
    const change = { since, publication: undefined as number | undefined, isRestart };
    this.#changes.set(key, change);
    return (publication) => {
      change.publication = publication;
      if (this.#changes.get(key) === change) this.#waiting.push({ publication, key, since });
    };
  }
}
