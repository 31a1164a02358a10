type Kubectl = (...args: readonly string[]) => Promise<string>

/** What an operator would look at: pods, the last events, the last lines of every log. */
export async function diagnosis(kubectl: Kubectl): Promise<string> {
  const ALL = [
    '--selector',
    'app.kubernetes.io/part-of=soundlift',
    '--max-log-requests=60',
    '--ignore-errors',
  ]
  const looks = [
    ['get', 'pods,persistentvolumeclaims', '--output=wide'],
    ['get', 'events', '--sort-by=.lastTimestamp'],
    ['logs', ...ALL, '--prefix', '--tail=6'],
  ]
  const seen = await Promise.all(looks.map((look) => kubectl(...look).catch(String)))
  return seen.map((text) => text.split('\n').slice(-100).join('\n')).join('\n\n')
}
