using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OddFunctions;

/// <summary>A handler that misbehaves once, by a marker that outlives its process, and does its work afterwards. FAULT says how.</summary>
public class Faulty
{
    private const int Megabyte = 1 << 20;

    private static readonly string Fault = Environment.GetEnvironmentVariable("FAULT") ?? "";

    public Faulty()
    {
        if (Fault == "throws in its constructor" && IsFirstTime())
            throw new InvalidOperationException("Not the first time.");
        if (Fault == "exits in its constructor" && IsFirstTime())
            Environment.Exit(5);
        if (Fault == "hangs in its constructor" && IsFirstTime())
            Hang();
    }

    public Stream Handle(Stream _) => new MemoryStream(Encoding.UTF8.GetBytes(IsFaultOfTheHandler && IsFirstTime() ? Misbehave() : "null"));

    private static bool IsFaultOfTheHandler => !Fault.EndsWith("constructor", StringComparison.Ordinal);

    private static string Misbehave() => Fault switch
    {
        "throws" => throw new InvalidOperationException("Not the first time."),
        "throws on a thread" => Start(() => throw new InvalidOperationException("Nobody catches this.")),
        "exits" => Exit(3),
        "fails fast" => FailFast(),
        "is killed" => KillItself(),
        "hangs" => Hang(),
        "writes 100 MB" => Shout(),
        "answers 7 MB" => $"\"{new string('x', 7 * Megabyte)}\"",
        "answers no JSON" => "<html>",
        "leaks" => Leak(),
        "forks and exits" => Fork(),
        _ => "null",
    };

    private static string Exit(int code)
    {
        Environment.Exit(code);
        return "";
    }

    private static string FailFast()
    {
        Environment.FailFast("On request.");
        return "";
    }

    private static string Start(ThreadStart run)
    {
        new Thread(run).Start();
        return Hang();
    }

    private static string KillItself()
    {
        Process.GetCurrentProcess().Kill();
        return Hang();
    }

    private static string Hang()
    {
        using var never = new ManualResetEvent(false);
        never.WaitOne();
        return "";
    }

    private static string Shout()
    {
        string lines = string.Concat(Enumerable.Repeat(new string('x', 1023) + "\n", 1024));
        for (int i = 0; i < 100; i++)
            Console.Out.Write(lines);
        return "null";
    }

    private static unsafe string Leak()
    {
        while (true)
            NativeMemory.Fill(NativeMemory.Alloc(Megabyte), Megabyte, 1);
    }

    private static string Fork()
    {
        Process.Start("sleep", "600");
        Process.Start("setsid", ["sleep", "600"]);
        return Exit(1);
    }

    private static bool IsFirstTime()
    {
        string marker = Path.Combine(Environment.GetEnvironmentVariable("MARKERS")!, Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME")!);
        try
        {
            using var _ = new FileStream(marker, FileMode.CreateNew);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
