import Dialplan
import Testing

@Suite("Functions")
struct FunctionTests {
    private func host() -> TestHost {
        let host = TestHost()
        host.variables = ["V": "one-two-three-four", "L": "a,b,c", "S": "hello world", "ONE": "solo", "E": "", "N": "41"]
        return host
    }

    @Test(
        "Each gives what is documented",
        arguments: [
            ("${IF($[1 = 1]?yes:no)}", "yes"), ("${IF(0?yes:no)}", "no"), ("${IF(?yes:no)}", "no"), ("${IF(x?yes)}", "yes"),
            ("${IF(0?yes)}", ""), ("${IF(1?\"a:b\":c)}", "a:b"), ("${IF( 1 ? a : b )}", "a"),
            ("${IFTIME(9:00-17:00,mon-fri,*,*?open:shut)}", "open"), ("${IFTIME(*,sat&sun,*,*?open:shut)}", "shut"),
            ("${IFTIME(22:00-23:00,*,*,*,Asia/Tokyo?open:shut)}", "open"), ("${IFTIME(nonsense?open:shut)}", "shut"),
            ("${EXISTS(${V})}", "1"), ("${EXISTS(${E})}", "0"), ("${ISNULL(${E})}", "1"), ("${ISNULL(${V})}", "0"),
            ("${SET(NEW=5)}${NEW}", "55"), ("${LEN(abc)}", "3"), ("${LEN()}", "0"), ("${TOUPPER(aBc,d)}", "ABC,D"),
            ("${TOLOWER(ABC)}", "abc"),
            ("${QUOTE(a\"b)}", "\"a\\\"b\""), ("${FILTER(0-9,a1b2-3)}", "123"), ("${FILTER(a-cx,abcdx)}", "abcx"),
            ("${FILTER(0-9-,1-2a)}", "1-2"),
            ("${FILTER(\\x41-C,ABCD)}", "ABC"), ("${FILTER(0-9,)}", ""),
            ("${REPLACE(S,lo,_)}", "he___ w_r_d"), ("${REPLACE(S,lo)}", "he wrd"), ("${STRREPLACE(S,o,0)}", "hell0 w0rld"),
            ("${STRREPLACE(S,o,0,1)}", "hell0 world"), ("${STRREPLACE(S,ll)}", "heo world"), ("${STRREPLACE(S,)}", "hello world"),
            ("${REGEX(\"^h.*d$\" ${S})}", "1"), ("${REGEX(\"[0-9]\" ${S})}", "0"), ("${REGEX(nope)}", "0"),
            ("${CUT(V,-,2)}", "two"), ("${CUT(V,-,2-3)}", "two-three"), ("${CUT(V,-,-2)}", "one-two"), ("${CUT(V,,3-)}", "three-four"),
            ("${CUT(V,-,1&4)}", "one-four"), ("${CUT(V,-,9)}", ""), ("${CUT(V,-,0)}", ""), ("${CUT(L,\\,,2)}", "b"),
            ("${CUT(ONE,-,1)}", "solo"),
            ("${FIELDQTY(V,-)}", "4"), ("${FIELDQTY(ONE,-)}", "1"), ("${FIELDQTY(E,-)}", "0"), ("${FIELDQTY(L)}", "3"),
            ("${SHIFT(L)}|${L}", "a|b,c"), ("${POP(L)}|${L}", "c|a,b"), ("${SHIFT(ONE)}|${ONE}", "solo|"), ("${SHIFT(V,-)}", "one"),
            ("${MATH(1+2)}", "3.000000"), ("${MATH(123%16,int)}", "11"), ("${MATH(7/2,int)}", "3"), ("${MATH(7/2)}", "3.500000"),
            ("${MATH(2**10,i)}", "1024"), ("${MATH(255+0,hex)}", "ff"), ("${MATH(65+0,char)}", "A"), ("${MATH(1<2)}", "TRUE"),
            ("${MATH(1>=2)}", "FALSE"),
            ("${MATH(-3+5,i)}", "2"), ("${MATH(5--3,i)}", "8"), ("${MATH(1<<4,i)}", "16"), ("${MATH(12AND10,i)}", "8"),
            ("${MATH(1/0)}", ""), ("${MATH(x+1)}", ""),
            ("${MATH(0.0000006+0)}", "0.000001"), ("${MATH(0-1)}", "-1.000000"), ("${MATH(2.9999999+0)}", "3.000000"),
            ("${MATH(0.05+0)}", "0.050000"),
            ("${INC(N)}${N}", "4242"), ("${DEC(N)}", "40"), ("${DEC(UNSET)}", "-1"), ("${RAND(5,5)}", "5"),
            ("${URIENCODE(a b/ü)}", "a%20b%2F%C3%BC"), ("${URIDECODE(a%20b%2f%zz%4)}", "a b/%zz%4"),
            ("${STRFTIME(0,,%Y-%m-%d %H:%M:%S)}", "1970-01-01 00:00:00"), ("${STRFTIME(,,%H:%M)}", "13:05"),
            ("${STRFTIME(,Asia/Tokyo,%H:%M %Z %z)}", "22:05 Asia/Tokyo +0900"),
            ("${STRFTIME()}", "Tue Feb 27 13:05:09 2024"), ("${STRFTIME(1709039109.25,,%s.%q)}", "1709039109.250"),
            ("${STRFTIME(,,%6q|%1q)}", "250000|2"),
            ("${STRFTIME(bad,,%s)}", "1709039109"), ("${STRFTIME(99999999999999999999,,%Y)}", "33658"),
            ("${STRFTIME(-1,,%F %T)}", "1969-12-31 23:59:59"),
        ])
    func evaluates(text: String, expected: String) {
        #expect(host().expand(text).string == expected)
    }

    @Test(
        "Each letter of strftime",
        arguments: [
            ("%a %A %b %B %h", "Tue Tuesday Feb February Feb"), ("%C %d %e %j %m", "20 27 27 058 02"),
            ("%g %G %V %U %W %u %w", "24 2024 09 08 09 2 2"),
            ("%y %Y %F %D %x", "24 2024 2024-02-27 02/27/24 02/27/24"), ("%H %I %k %l %M %S %p %P", "13 01 13  1 05 09 PM pm"),
            ("%r %R %T %X %c", "01:05:09 PM 13:05 13:05:09 13:05:09 Tue Feb 27 13:05:09 2024"), ("%n%t%%", "\n\t%"),
            ("%Ey %Od %~ %", "24 27 %~ %"), ("%z %Z", "+0000 UTC"),
        ])
    func formatsTime(format: String, expected: String) {
        #expect(host().expand("${STRFTIME(,,\(format))}").string == expected)
    }

    @Test(
        "Weeks and days around the turn of years",
        arguments: [
            (1_609_459_200, "2021-01-01 5 001 53 2020"), (1_230_681_600, "2008-12-31 3 366 01 2009"),
            (951_782_400, "2000-02-29 2 060 09 2000"),
            (1_709_164_800, "2024-02-29 4 060 09 2024"), (1_704_067_199, "2023-12-31 7 365 52 2023"),
            (4_107_542_400, "2100-03-01 1 060 09 2100"),
        ])
    func formatsDates(epoch: Int, expected: String) {
        #expect(host().expand("${STRFTIME(\(epoch),,%F %u %j %V %G)}").string == expected)
    }

    @Test("Lists and several variables are written")
    func writes() throws {
        let run = try runMain(
            """
            [main]
            exten => s,1,Set(ARRAY(a,b,c)=1,2)
             same => n,Set(PUSH(list)=x)
             same => n,Set(PUSH(list)=y)
             same => n,Set(UNSHIFT(list)=w)
             same => n,Set(PUSH(path,/)=usr)
             same => n,MSet(m1=1,m2="a,b",CALLERID(name)=Bob)
             same => n,Set(NOPE(x)=1)
            """)
        let values = run.host.variables.mapValues(\.string)
        #expect(values == ["a": "1", "b": "2", "c": "", "list": "w,x,y", "path": "usr", "m1": "1", "m2": "a,b"])
        #expect(run.host.functions["CALLERID(name)"] == "Bob")
        #expect(run.host.logged.contains { $0.contains("NOPE") })
    }

    @Test("RAND stays within its range, whichever way it is given")
    func picksNumbers() {
        let host = host()
        let picks = (0..<200).compactMap { _ in Int(host.expand("${RAND(9,-3)}").string) }
        #expect(picks.count == 200)
        #expect(picks.allSatisfy { (-3...9).contains($0) })
        #expect(Set(picks).count == 13)
        #expect(Int(host.expand("${RAND()}").string) != nil)
        #expect(!host.expand("${RAND(-9223372036854775808,9223372036854775807)}").isEmpty)
    }
}

@Suite("Times")
struct TimeTests {
    @Test(
        "A specification holds now or not",
        arguments: [
            ("*", true), ("", true), ("13:05", true), ("13:06", false), ("13:00-13:05", true), ("22:00-14:00", true), ("22:00-6:00", false),
            ("1:00-2:00&13:00-14:00", true), ("*,tue", true), ("*,mon", false), ("*,mon-wed", true), ("*,sat-tue", true),
            ("*,wed-mon", false), ("*,Tuesday", true),
            ("*,mon&tue", true), ("*,*,27", true), ("*,*,1-26", false), ("*,*,28-27", true), ("*,*,*,feb", true), ("*,*,*,mar-jan", false),
            ("*,*,*,nov-feb", true),
            ("*,2,27,2", true), (" 13:00-14:00 , tue , * , * ", true),
        ])
    func contains(text: String, expected: Bool) {
        #expect(TimeSpecification(text)?.contains(DialplanClock(epochMicros: 1_709_039_109_250_000)) == expected)
    }

    @Test(
        "A malformed specification is none",
        arguments: [
            "24:00", "9", "9:60", "9:00-", "9:00-10:00-11:00", "*,xyz", "*,mo", "*,7", "*,*,0", "*,*,32", "*,*,*,13", "a,b,c,d,e,f",
            "*,mon-", "*,tue&",
        ])
    func refuses(text: String) {
        #expect(TimeSpecification(text) == nil)
    }
}
