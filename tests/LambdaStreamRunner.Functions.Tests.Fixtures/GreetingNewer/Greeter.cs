namespace Greeting;

public static class Greeter
{
    public static string Hello => "hello from version 2";
}
