import * as vscode from 'vscode';

/** Thrown inside a step to return to the one before, or to leave. Never leaves {@link runSteps}. */
class Turn extends Error {
  constructor(readonly to: 'back' | 'leave') {
    super(to);
  }
}

/** What a step knows of its place in the dialog. */
export interface StepContext {
  readonly title: string;
  readonly step: number;
  readonly total: number;
}

/** A question that adds its answer to what is known already. */
export type Step<State> = (state: State, context: StepContext) => Promise<State>;

/**
 * Asks one question after the other, with a way back.
 * @param next gives the question for what is known so far, or undefined when all is known
 * @returns what was answered, or undefined when the user left
 */
export async function runSteps<State>(title: string, start: State, next: (state: State, step: number) => Step<State> | undefined, total: (state: State) => number): Promise<State | undefined> {
  const states: State[] = [start];
  for (;;) {
    const state = states[states.length - 1]!;
    const step = next(state, states.length);
    if (step === undefined) return state;
    try {
      states.push(await step(state, { title, step: states.length, total: total(state) }));
    } catch (turn) {
      if (!(turn instanceof Turn)) throw turn;
      if (turn.to === 'leave') return undefined;
      if (states.length > 1) states.pop();
    }
  }
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Lets the user choose. `choices` may take a while: the list shows that it is being made. */
export async function choose<T>(context: StepContext, placeholder: string, choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>): Promise<T> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  decorate(pick, context);
  pick.placeholder = placeholder;
  pick.matchOnDescription = true;
  try {
    pick.busy = true;
    pick.show();
    const answer = answered(pick, () => pick.selectedItems[0]?.value);
    const items = await Promise.race([choices, answer.then((): never => { throw new Turn('leave'); })]);
    pick.items = items;
    pick.busy = false;
    return await answer;
  } finally {
    pick.dispose();
  }
}

export interface Question {
  readonly prompt: string;
  readonly value: string;
  /** Says what is wrong with an answer, or nothing. */
  readonly validate: (text: string) => string | undefined;
}

/** Lets the user type. */
export async function ask(context: StepContext, { prompt, value, validate }: Question): Promise<string> {
  const input = vscode.window.createInputBox();
  decorate(input, context);
  input.prompt = prompt;
  input.value = value;
  const check = input.onDidChangeValue((text) => {
    input.validationMessage = validate(text.trim());
  });
  try {
    input.show();
    return await answered(input, () => {
      const text = input.value.trim();
      input.validationMessage = validate(text);
      return input.validationMessage === undefined ? text : undefined;
    });
  } finally {
    check.dispose();
    input.dispose();
  }
}

function decorate(box: vscode.QuickInput, { title, step, total }: StepContext): void {
  box.title = title;
  box.step = step;
  box.totalSteps = total;
  box.ignoreFocusOut = true;
  if (step > 1 && 'buttons' in box) (box as vscode.QuickPick<vscode.QuickPickItem>).buttons = [vscode.QuickInputButtons.Back];
}

/** The accepted answer. @throws Turn when the user goes back or leaves */
function answered<T>(box: vscode.QuickPick<Choice<T>> | vscode.InputBox, value: () => T | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    box.onDidAccept(() => {
      const accepted = value();
      if (accepted !== undefined) resolve(accepted);
    });
    box.onDidTriggerButton(() => {
      reject(new Turn('back'));
    });
    box.onDidHide(() => {
      reject(new Turn('leave'));
    });
  });
}
