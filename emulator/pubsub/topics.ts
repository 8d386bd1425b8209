/**
 * A tiny Pub/Sub: topics that keep what is published, and pull subscriptions. Nothing is delivered on its own and
 * nothing is written to disk.
 */
import type { Clock } from '../clock.ts';
import { GoogleError } from '../errors.ts';

/** `PubsubMessage`, as JSON. */
export interface Message {
  readonly messageId: string;
  readonly publishTime: string;
  /** Base64. */
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

interface Subscription {
  readonly name: string;
  readonly topic: string;
  readonly waiting: { readonly ackId: string; readonly message: Message }[];
}

const topicName = /^projects\/[^/]+\/topics\/[A-Za-z][\w.~+%-]{2,254}$/;
const subscriptionName = /^projects\/[^/]+\/subscriptions\/[A-Za-z][\w.~+%-]{2,254}$/;

/** The topics of one emulator. */
export class Topics {
  readonly #clock: Clock;
  readonly #topics = new Map<string, Message[]>();
  readonly #subscriptions = new Map<string, Subscription>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS */
  create(name: string): void {
    if (!topicName.test(name)) throw new GoogleError('INVALID_ARGUMENT', `Invalid topic name: ${name}`);
    if (this.#topics.has(name)) throw new GoogleError('ALREADY_EXISTS', `Topic ${name} already exists.`);
    this.#topics.set(name, []);
  }

  /** All that was published to a topic, oldest first. @throws GoogleError NOT_FOUND */
  messages(name: string): readonly Message[] {
    const found = this.#topics.get(name);
    if (!found) throw new GoogleError('NOT_FOUND', `Resource not found (resource=${name}).`);
    return found;
  }

  /** Names of a project's topics. */
  list(project: string): string[] {
    return [...this.#topics.keys()].filter((name) => name.startsWith(`${project}/topics/`)).sort();
  }

  /** @throws GoogleError NOT_FOUND */
  delete(name: string): void {
    this.messages(name);
    this.#topics.delete(name);
  }

  /** Publishes messages. @returns their ids. @throws GoogleError NOT_FOUND, INVALID_ARGUMENT */
  publish(name: string, messages: readonly Omit<Message, 'messageId' | 'publishTime'>[]): string[] {
    const kept = this.messages(name) as Message[];
    if (messages.length === 0) throw new GoogleError('INVALID_ARGUMENT', 'There are no messages to publish.');
    for (const { data, attributes } of messages) {
      if (!data && Object.keys(attributes ?? {}).length === 0)
        throw new GoogleError('INVALID_ARGUMENT', 'A message needs data or attributes.');
      if (data !== undefined && !/^[A-Za-z0-9+/_-]*={0,2}$/.test(data))
        throw new GoogleError('INVALID_ARGUMENT', 'The data of a message must be Base64.');
    }
    return messages.map((given) => {
      const messageId = String(++this.#count);
      const message = { ...given, messageId, publishTime: new Date(this.#clock.now()).toISOString() };
      kept.push(message);
      for (const subscription of this.#subscriptions.values())
        if (subscription.topic === name) subscription.waiting.push({ ackId: `ack-${messageId}`, message });
      return messageId;
    });
  }

  /** @throws GoogleError INVALID_ARGUMENT, ALREADY_EXISTS, NOT_FOUND */
  subscribe(name: string, topic: string): void {
    if (!subscriptionName.test(name))
      throw new GoogleError('INVALID_ARGUMENT', `Invalid subscription name: ${name}`);
    if (this.#subscriptions.has(name))
      throw new GoogleError('ALREADY_EXISTS', `Subscription ${name} already exists.`);
    this.messages(topic);
    this.#subscriptions.set(name, { name, topic, waiting: [] });
  }

  /** @throws GoogleError NOT_FOUND */
  subscription(name: string): Subscription {
    const found = this.#subscriptions.get(name);
    if (!found) throw new GoogleError('NOT_FOUND', `Resource not found (resource=${name}).`);
    return found;
  }

  /** Names of a project's subscriptions. */
  subscriptions(project: string): string[] {
    return [...this.#subscriptions.keys()].filter((name) => name.startsWith(`${project}/subscriptions/`));
  }

  /** @throws GoogleError NOT_FOUND */
  unsubscribe(name: string): void {
    this.subscription(name);
    this.#subscriptions.delete(name);
  }

  /** What waits, at most so many; it waits on until it is acknowledged. @throws GoogleError NOT_FOUND */
  pull(name: string, most: number): readonly { readonly ackId: string; readonly message: Message }[] {
    return this.subscription(name).waiting.slice(0, most);
  }

  /** @throws GoogleError NOT_FOUND */
  acknowledge(name: string, ackIds: readonly string[]): void {
    const { waiting } = this.subscription(name);
    for (const id of ackIds) {
      const at = waiting.findIndex(({ ackId }) => ackId === id);
      if (at >= 0) waiting.splice(at, 1);
    }
  }
}
