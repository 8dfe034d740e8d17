/** The passwords of at least twelve characters that are tried first by whoever guesses. */
const common: ReadonlySet<string> = new Set(
  `000000000000 111111111111 1111111111111 111222333444 112233445566 121212121212 123123123123 123412341234
  1234512345 123451234512345 123456123456 123456654321 1234567654321 12345678900987654321 123456789000
  123456789012   1234567890123 12345678901234 123456789012345 1234567890123456 12345678910 123456789101112
  123456789123   123456789987654321 1234567890qwerty 123456789abc 123456789qwe 12345qwert12345 1234qwerasdf
  1234qwer1234   123qweasdzxc 123qwe123qwe 147258369147 159357159357 1a2b3c4d5e6f 1q2w3e4r5t6y
  1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i9o0p   1qaz1qaz1qaz 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc
  222222222222 333333333333 555555555555 666666666666   777777777777 888888888888 987654321000 987654321012
  999999999999 aa123456789 aaaaaaaaaaaa abc123abc123 abc123456789   abcd1234abcd abcd12345678 abcdefghijkl
  abcdefghijklm abcdefghijklmnopqrstuvwxyz abcdef123456 admin1234567   adminadminadmin administrator
  administrator1 adminpassword asdasdasdasd asdf1234asdf asdfasdfasdf asdfghjkl123   asdfghjklzxcvbnm
  asdfqwerzxcv azertyuiop123 azerty123456 barcelona123 basketball123 bismillah123 businessbabe
  businessman1 champions123 changemenow1 changeme1234 changemeplease charlie12345 chelsea12345 chicago12345
  chocolate123 christopher1 computer1234 correcthorse correcthorsebatterystaple defaultpassword
  dragon123456   dragonball123 elizabeth123 fckgwrhqq2yxrkt football1234 footballfan1 fuckyou12345
  gfhjkmgfhjkm hello1234567   helloworld123 helloworld12 hellokitty12 iloveyou1234 iloveyou12345
  iloveyou2023 iloveyou2024 iloveyousomuch   iloveyouforever jacksparrow1 jesuschrist1 jordan123456
  killer123456 letmein12345 letmein123456 letmeinplease   letmeinnow12 liverpool123 liverpool1892
  login1234567 london123456 loveme123456 lovelovelove manchester123   manchesterunited master123456
  michael12345 microsoft123 minecraft123 monkey123456 motherfucker motherlode12   newpassword1
  newpassword123 nothing12345 p@ssw0rd1234 p@ssword1234 p4ssw0rd1234 pa55word1234 pass12345678
  pass123456789 passpasspass passw0rd1234 password0000 password1111 password12345 password123456
  password1234   password1234567 password12345678 password123456789 password1231 password123! password1234!
  password2020   password2021 password2022 password2023 password2024 password2025 password2026
  passwordpassword passwordqwerty   playstation1 playstation3 pokemon12345 princess1234 qazwsx123456
  qazwsxedc123 qazwsxedcrfv qazwsxedcrfvtgb   qwaszx123456 qweasdzxc123 qweasd123456 qwe123qwe123
  qweqweqweqwe qwer1234qwer qwer12345678 qwert1234567   qwerasdfzxcv qwerty098765 qwerty1234567
  qwerty12345678 qwerty123456789 qwerty123456 qwertyqwerty qwertyasdfgh   qwertyuiop12 qwertyuiop123
  qwertyuiop123456 qwertyuiop[] qwertyuiopasdfghjklzxcvbnm qwertyuiopasdf   qwertyuiop1234567890
  rangers12345 realmadrid12 samsung12345 secret123456 secretpassword shadow123456   snoopdogg420
  spiderman123 starwars1234 sunshine1234 superman1234 superstar123 temppassword temporary123   test12345678
  testtesttest testpassword thisisapassword trustno1trustno1 trustnoone12 unbelievable   undertaker12
  volleyball12 welcome12345 welcome123456 welcomehome1 whatever1234 william12345 winner123456
  xxxxxxxxxxxx yellow123456 zaq12wsxcde3 zaq1zaq1zaq1 zxcvbnm12345 zxcvbnmasdfghjkl zxczxczxczxc`.split(
    /\s+/,
  ),
);

/** Whether a password is among the first that anybody would try: well known, or one short thing repeated. */
export function isCommonPassword(password: string): boolean {
  const plain = password.toLowerCase();
  return common.has(plain) || /^(.{1,4})\1+.{0,3}$/u.test(plain);
}
