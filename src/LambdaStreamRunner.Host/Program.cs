Console.WriteLine("lambda-stream");
