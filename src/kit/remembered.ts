/** What `ask` answered within the last `milliseconds`; who asks meanwhile shares the question. A failure is not kept. */
export function remembered<Answer>(
  ask: () => Promise<Answer>,
  milliseconds: number,
  now = () => performance.now(),
): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined
  let until = 0
  return () => {
    if (answer && now() < until) return answer
    const asked = ask()
    answer = asked
    until = now() + milliseconds
    asked.catch(() => {
      if (answer === asked) answer = undefined
    })
    return asked
  }
}
