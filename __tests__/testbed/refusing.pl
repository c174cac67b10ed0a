# Starts a program for which the kernel refuses something, as on a machine that has run out of it:
#
#   perl refusing.pl fork ENOMEM PROGRAM...    processes, but not threads
#   perl refusing.pl lock ENOLCK PROGRAM...    file locks (fcntl)
#   perl refusing.pl mode EPERM PROGRAM...     another owner or mode of an open file
#
# Uses a system call filter (https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html), which
# requires neither root nor a compiler.
use strict;
use warnings;
use Errno ();
use POSIX ();

my ($what, $name, @command) = @ARGV;
my $x86 = (POSIX::uname())[4] eq 'x86_64';
my %number = $x86
  ? (prctl => 157, fcntl => 72, clone => 56, fork => 57, vfork => 58, fchmod => 91, fchown => 93)
  : (prctl => 167, fcntl => 25, clone => 220, fork => -1, vfork => -1, fchmod => 52, fchown => 55);
my $clone3 = 435;
my ($SETLK, $SETLKW, $THREAD) = (6, 7, 0x10000);

my ($ALLOW, $ERRNO) = (0x7fff0000, 0x00050000);
my $refuse = $ERRNO | Errno->can($name)->();
my @load = (0x20, 0, 0);    # then the offset: 0 for the call's number, 16 for its first argument, 24 for its second
my ($RETURN, $EQUAL, $HAS) = (0x06, 0x15, 0x45);

# Each instruction: code, instructions to skip if true, if false, operand.
my @filter = {
  fork => [
    [@load, 0],
    [$EQUAL, 0, 1, $clone3],
    [$RETURN, 0, 0, $ERRNO | Errno::ENOSYS],    # Its flags cannot be read; callers then use clone.
    [$EQUAL, 4, 0, $number{fork} & 0xffffffff],
    [$EQUAL, 3, 0, $number{vfork} & 0xffffffff],
    [$EQUAL, 0, 3, $number{clone}],
    [@load, 16],
    [$HAS, 1, 0, $THREAD],
    [$RETURN, 0, 0, $refuse],
    [$RETURN, 0, 0, $ALLOW],
  ],
  lock => [
    [@load, 0],
    [$EQUAL, 0, 4, $number{fcntl}],
    [@load, 24],
    [$EQUAL, 1, 0, $SETLK],
    [$EQUAL, 0, 1, $SETLKW],
    [$RETURN, 0, 0, $refuse],
    [$RETURN, 0, 0, $ALLOW],
  ],
  mode => [
    [@load, 0],
    [$EQUAL, 1, 0, $number{fchmod}],
    [$EQUAL, 0, 1, $number{fchown}],
    [$RETURN, 0, 0, $refuse],
    [$RETURN, 0, 0, $ALLOW],
  ],
}->{$what}->@*;

my $filter = join '', map { pack 'S C C L', @$_ } @filter;
my $program = pack 'S x6 P', scalar @filter, $filter;
my ($NO_NEW_PRIVS, $SECCOMP, $BY_FILTER) = (38, 22, 2);
syscall($number{prctl}, $NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($number{prctl}, $SECCOMP, $BY_FILTER, $program) == 0 or die "seccomp: $!";
exec @command or die "$command[0]: $!";
