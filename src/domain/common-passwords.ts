/** The passwords of eight and more characters that guessers try first, in lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `12345678 123456789 1234567890 12345678910 0123456789 9876543210 987654321 87654321 11111111 111111111 1111111111
  00000000 000000000 22222222 55555555 66666666 77777777 88888888 99999999 12341234 11223344 1122334455 12121212
  13131313 11112222 10203040 12344321 123454321 123123123 123321123 147258369 741852963 159357456 789456123 123456789a
  123456789q 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc qazwsxedc zaq12wsx q1w2e3r4 q1w2e3r4t5 a1b2c3d4
  abcd1234 abc12345 abc123456 abcdefgh abcdefg1 a1234567 a12345678 a123456789 aa123456 aa12345678 asdf1234 asdfasdf
  asdfghjk asdfghjkl qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwer1234 qwe123456 qwertyqwerty
  1qazxsw2 zxcvbnm1 zxcvbnm123 password password1 password12 password123 password1234 password! passw0rd p@ssw0rd
  p@ssword pa55word passwords passwort passwort1 motdepasse contrasena letmein1 letmein123 welcome1 welcome12
  welcome123 iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 baseball
  baseball1 basketball superman superman1 batman123 starwars starwars1 pokemon1 dragon123 monkey123 master123
  michael1 jennifer jordan23 jessica1 charlie1 computer computer1 internet internet1 trustno1 whatever whatever1
  changeme changeme1 changeit default1 admin123 admin1234 admin12345 administrator adminadmin rootroot root1234
  test1234 testtest testing1 testing123 guest123 user1234 secret123 samsung1 google123 facebook facebook1
  linkedin minecraft1 liverpool liverpool1 chelsea1 arsenal1 barcelona manchester blink182 metallica slipknot
  victoria alexander alexandra veronica danielle benjamin jonathan nicholas elizabeth christopher hello123
  hellohello flower123 lovelove loveyou1 mynoob12 november december midnight midnight1 snoopy12 freedom1 shadow12
  shadow123 asd123456 q123456789 z123456789 qq123456 qq123456789 woaini123 woaini1314 5201314520 3rjs1la7qe
  g_czechout xbox360live 18atcskd2w devopsdevops`.split(/\s+/),
)
