const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
/** Each step doubles the work: 10 and 12 are usual, 15 takes seconds, 31 days. */
const LOWEST_COST = 4
const HIGHEST_COST = 15
/** What others write: PHC and crypt strings, and the hashes of Django, Werkzeug and LDAP. */
const HASHES = [
  /^\$[0-9a-z][\w-]{0,30}\$.{8,}/,
  /^(pbkdf2|scrypt|argon2|bcrypt|md5|sha1|sha256|sha512)(_\w+)?[$:].*\$.{8,}/,
  /^\{(SSHA|SHA|SMD5|MD5|CRYPT)\d*\}.{8,}/i,
]

/** True for a whole bcrypt hash ($2a$, $2b$, $2y$) whose cost is bearable. */
export function isBcrypt(text: string): boolean {
  const cost = Number(BCRYPT.exec(text)?.[1])
  return cost >= LOWEST_COST && cost <= HIGHEST_COST
}

/** True for what is a hash rather than a password that someone types, whether or not it can be checked here. */
export function looksHashed(text: string): boolean {
  return HASHES.some((hash) => hash.test(text))
}
