import type { HostMessage } from '../../protocol/panel';

/** The message with all sentences in it put as the page may see them; numbers, names and ids stay. */
export function forPage(message: HostMessage, text: (sentence: string) => string): HostMessage {
  switch (message.type) {
    case 'opened':
      return { ...message, layer: { ...message.layer, from: text(message.layer.from), notes: message.layer.notes.map(text) } };
    case 'opening':
      return { ...message, ...(message.progress !== undefined && { progress: { ...message.progress, what: text(message.progress.what) } }) };
    case 'progress':
      return { ...message, what: text(message.what) };
    case 'empty':
      return { ...message, ...(message.problem !== undefined && { problem: problemFor(message.problem, text) }) };
    case 'refused':
    case 'dumpLost':
      return { ...message, problem: problemFor(message.problem, text) };
    case 'answer': {
      const { answer } = message;
      if (answer.type !== 'compared' || answer.dump === undefined) return message;
      const { name, what, cause } = answer.dump;
      return { ...message, answer: { ...answer, dump: { ...answer.dump, name: text(name), what: text(what), ...(cause !== undefined && { cause: text(cause) }) } } };
    }
    case 'dumps':
    case 'select':
    case 'cancelled':
      return message;
  }
}

type ProblemData = Extract<HostMessage, { type: 'refused' }>['problem'];

function problemFor(problem: ProblemData, text: (sentence: string) => string): ProblemData {
  const { what, next, place } = problem;
  return { ...problem, what: text(what), next: text(next), place: { ...place, ...(place.file !== undefined && { file: text(place.file) }) } };
}
